// A calendar beside a field in which a day is typed (shell/_day.html): the browser's own picker fills in 21/01/2022. The
// field itself is plain text, for a date field of the browser would show month and day the way round of its own language.

const DAY = /^\s*(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})(?:\s+(\d{1,2}:\d{2}))?\s*$/;

export function pickDays(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-day-open]") : null;
    const typed = button?.parentElement?.querySelector<HTMLInputElement>("input[name]");
    if (button && typed) open(button, typed);
  });
}

function open(button: HTMLButtonElement, typed: HTMLInputElement): void {
  const box = button.parentElement as HTMLElement;
  const moment = box.classList.contains("moment");
  let picker = box.querySelector<HTMLInputElement>("input.picker");
  if (!picker) {
    picker = document.createElement("input");
    picker.type = moment ? "datetime-local" : "date";
    picker.className = "picker";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    const made = picker;
    made.addEventListener("change", () => fill(typed, made.value));
    box.append(made);
  }
  picker.max = button.dataset["latest"] ?? "";
  picker.value = asPicked(typed.value, moment);
  picker.showPicker();
}

function asPicked(text: string, moment: boolean): string {
  const [, day = "", month = "", year = "", time = "00:00"] = DAY.exec(text) ?? [];
  if (!year) return "";
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return moment ? `${date}T${time.padStart(5, "0")}` : date;
}

function fill(typed: HTMLInputElement, picked: string): void {
  const [date = "", time = ""] = picked.split("T");
  typed.value = [date.split("-").reverse().join("/"), time].filter(Boolean).join(" ");
  typed.dispatchEvent(new Event("input", { bubbles: true }));
  typed.dispatchEvent(new Event("change", { bubbles: true }));
  typed.focus();
}
