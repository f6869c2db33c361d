// The leader's page: the button that prints it, where scripts run. Its style is report.css.
// islands/print.ts does this for the other pages; shared, it would split their one file into several requests.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print-page]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
export {};
