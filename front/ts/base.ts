// The script of every page. Each page works without it; it adds the theme button, the
// search suggestions and htmx.
import htmx from "htmx.org";

import { enhanceSearches } from "./search/combobox";
import { enhanceThemeToggle } from "./theme/toggle";

// No inline style and no evaluated text: the Content-Security-Policy forbids both.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb } = (event as CustomEvent).detail as {
    headers: Record<string, string>;
    verb: string;
  };
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (verb !== "get" && token) headers["X-CSRFToken"] = token;
});

document.documentElement.classList.add("js");
enhanceThemeToggle();
enhanceSearches();
