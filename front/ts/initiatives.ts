// The map of initiatives. Without this file the page shows a picture drawn by the server and a table.
import { InitiativeMap, type InitiativeState } from "./initiatives/page";
import { readState } from "./map/state";
import { startMap } from "./map/starting";

startMap((views) => void new InitiativeMap(readState<InitiativeState>(), views).start());
