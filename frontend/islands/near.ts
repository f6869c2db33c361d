// "Nearest to me": the button appears where the browser can tell a position, and posts it; nothing is kept.

export function mount(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-near]")) serve(form);
}

function serve(form: HTMLFormElement): void {
  if (!("geolocation" in navigator)) return;
  form.hidden = false;
  const said = form.querySelector<HTMLElement>("[data-near-said]");
  form.addEventListener("submit", (event) => {
    const latitude = form.elements.namedItem("latitude") as HTMLInputElement;
    const longitude = form.elements.namedItem("longitude") as HTMLInputElement;
    if (latitude.value) return;
    event.preventDefault();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(5);
        longitude.value = coords.longitude.toFixed(5);
        form.submit();
      },
      () => {
        if (said) said.textContent = said.dataset["refused"] ?? "";
      },
      { timeout: 8000, maximumAge: 60_000 },
    );
  });
}
