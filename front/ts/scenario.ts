// The workshop of scenarios. Without this file every gesture is a link or a form that loads the
// page; htmx (base.ts) swaps the workshop alone, and this file mends what a swap loses: the focus,
// the suggestions, the buttons that only a script can serve.
import { enhanceSearches } from "./search/combobox";

const WORKSHOP = "atelier";

/** Offer « Copier » where the browser can copy. */
function enhanceCopies(part: ParentNode): void {
  if (!navigator.clipboard) return;
  for (const button of part.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const field = document.getElementById(button.dataset["copy"] ?? "") as HTMLInputElement | null;
    if (!field) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copié";
    });
  }
}

/** Bring the keyboard and the screen reader to what has changed. */
function focusNews(workshop: HTMLElement): void {
  const error = workshop.querySelector<HTMLElement>("[role=alert]");
  const forms = workshop.querySelector<HTMLElement>("details[open] input:not([type=hidden])");
  const result = workshop.querySelector<HTMLElement>("#resultat");
  const target = error ?? forms ?? result;
  if (!target) return;
  if (target === error) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  const { top } = target.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight) target.scrollIntoView({ block: "center" });
}

// A form that is refused answers 422 with the form and its error: show it, as a page would.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent).detail as {
    xhr: XMLHttpRequest;
    shouldSwap: boolean;
    isError: boolean;
  };
  if (detail.xhr.status === 422 || detail.xhr.status === 400) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", () => {
  const workshop = document.getElementById(WORKSHOP);
  if (!workshop) return;
  enhanceSearches(workshop);
  enhanceCopies(workshop);
  focusNews(workshop);
});

enhanceCopies(document);
