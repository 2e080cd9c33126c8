// Light or dark: the server writes the choice on <html> from this cookie, so no page flashes.
const COOKIE = "theme";
const ONE_YEAR_S = 31_536_000;

function themeShown(): "light" | "dark" {
  const chosen = document.documentElement.dataset["bsTheme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function label(button: HTMLElement): void {
  const dark = themeShown() === "dark";
  const text = dark ? "Passer à l’affichage clair" : "Passer à l’affichage sombre";
  button.setAttribute("aria-label", text);
  button.title = text;
  button.dataset["shown"] = dark ? "dark" : "light";
}

export function enhanceThemeToggle(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-toggle]");
  if (!button) return;
  label(button);
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themeShown() === "dark" ? "light" : "dark";
    document.documentElement.dataset["bsTheme"] = next;
    document.cookie = `${COOKIE}=${next};path=/;max-age=${ONE_YEAR_S};samesite=lax`;
    label(button);
    document.dispatchEvent(new CustomEvent("maillage:theme", { detail: next }));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    label(button);
    document.dispatchEvent(new CustomEvent("maillage:theme", { detail: themeShown() }));
  });
}
