// The demo's handset calls 1022 from the browser, as any telephone would: the exchange answers, keys are pressed.
import type { Line, Softphone } from "./softphone";

export function mount(root: ParentNode): void {
  for (const dialler of root.querySelectorAll<HTMLElement>("[data-dial]")) serve(dialler);
}

function serve(dialler: HTMLElement): void {
  const [calling = "", talking = "", over = "", deaf = ""] = (dialler.querySelector<HTMLElement>("[data-dial-says]")?.dataset["dialSays"] ?? "").split("|");
  const says = dialler.querySelector<HTMLElement>("[data-dial-says]");
  const call = dialler.querySelector<HTMLButtonElement>("[data-dial-call]");
  const end = dialler.querySelector<HTMLButtonElement>("[data-dial-end]");
  const pad = dialler.querySelector<HTMLElement>(".pad");
  let phone: Softphone | undefined;
  const show = (words: string, on: boolean): void => {
    if (says) says.textContent = words;
    if (call) call.hidden = on;
    if (end) end.hidden = !on;
    if (pad) pad.hidden = !on;
  };
  if (call) call.hidden = false;
  call?.addEventListener("click", async () => {
    show(calling, true);
    const number = document.querySelector<HTMLInputElement>("#number")?.value.replace(/[^\d+]/g, "") ?? "";
    if (!phone) {
      const answer = await fetch(dialler.dataset["dial"] ?? "");
      const { Softphone } = await import("./softphone");
      phone = new Softphone((await answer.json()) as Line, {
        registered: () => undefined,
        rings: () => undefined,
        talks: () => show(talking, true),
        over: () => show(over, false),
        muted: () => false,
        deaf: () => show(deaf, false),
      });
      await phone.connect();
    }
    phone.call("1022", number);
  });
  end?.addEventListener("click", () => phone?.hangUp());
  pad?.addEventListener("click", (event) => {
    const digit = (event.target as HTMLElement).dataset["digit"];
    if (digit) phone?.press(digit);
  });
}
