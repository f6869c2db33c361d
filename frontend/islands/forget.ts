// A shared computer is asked to forget: what pages of the citizens have put by in this browser goes before the form is sent.
// What the staff's pages keep (desk., phone.) is theirs.

export function mount(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-forget]")) form.addEventListener("submit", forget);
}

function forget(): void {
  sessionStorage.clear();
  for (const name of Object.keys(localStorage)) if (!/^(desk|phone)\./.test(name)) localStorage.removeItem(name);
}
