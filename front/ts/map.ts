// The national map. Without this file the page shows a picture drawn by the server and the way to
// the list.
import { MapPage } from "./map/page";
import { startMap } from "./map/starting";
import { readState, type PageState } from "./map/state";

startMap((views) => void new MapPage(readState<PageState>(), views).start());
