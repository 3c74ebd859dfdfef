// Convenience for the office (htmx): pages do the same without it.
import htmx from "htmx.org";
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
