// Photos of a report: shown as soon as they are chosen, made small before they are sent, taken away with one press.
// Without JavaScript the same field sends the files as they are, and the server does the rest.

const LONGEST_SIDE = 1600; // pixels, as the server keeps them
const THUMB = 320;

type Chosen = { file: File; item: HTMLLIElement };

export function mount(root: ParentNode): void {
  for (const list of root.querySelectorAll<HTMLUListElement>("[data-shots]")) serve(list);
}

function serve(list: HTMLUListElement): void {
  const add = list.querySelector<HTMLLIElement>("[data-add]");
  const input = add?.querySelector<HTMLInputElement>("input[type=file]");
  const said = list.parentElement?.querySelector<HTMLElement>("[data-shots-said]");
  if (!add || !input) return;
  const most = Number(list.dataset["most"] ?? 6);
  const chosen: Chosen[] = [];

  const room = (): number => most - list.querySelectorAll("li:not([data-add])").length;
  const say = (words: string): void => {
    if (said) said.textContent = words;
  };
  const settle = (): void => {
    const files = new DataTransfer();
    for (const one of chosen) files.items.add(one.file);
    input.files = files.files;
    add.hidden = room() <= 0;
  };

  input.addEventListener("change", async () => {
    const files = [...(input.files ?? [])];
    say("");
    for (const file of files) {
      if (room() <= 0) {
        say((list.dataset["sayFull"] ?? "").replace("{most}", String(most)));
        break;
      }
      try {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const small = await shrink(picture, file);
        const item = thumb(picture, (list.dataset["sayDrop"] ?? "").replace("{name}", file.name), file.name);
        const one = { file: small, item };
        item.querySelector("button")?.addEventListener("click", () => {
          chosen.splice(chosen.indexOf(one), 1);
          item.remove();
          settle();
          input.focus();
        });
        chosen.push(one);
        add.before(item);
      } catch {
        say((list.dataset["sayBroken"] ?? "").replace("{name}", file.name));
      }
    }
    settle();
  });
}

/** A JPEG of at most 1600 pixels a side; the file itself where that would not make it smaller. */
async function shrink(picture: ImageBitmap, file: File): Promise<File> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const sheet = draw(picture, scale);
  const blob = await new Promise<Blob | null>((done) => sheet.toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

function thumb(picture: ImageBitmap, drop: string, name: string): HTMLLIElement {
  const item = document.createElement("li");
  const sheet = draw(picture, Math.min(1, THUMB / Math.min(picture.width, picture.height)));
  sheet.setAttribute("role", "img");
  sheet.setAttribute("aria-label", name);
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", drop);
  button.innerHTML = document.querySelector("template[data-x]")?.innerHTML ?? "×";
  item.append(sheet, button);
  return item;
}

function draw(picture: ImageBitmap, scale: number): HTMLCanvasElement {
  const sheet = document.createElement("canvas");
  sheet.width = Math.max(1, Math.round(picture.width * scale));
  sheet.height = Math.max(1, Math.round(picture.height * scale));
  const pen = sheet.getContext("2d");
  if (pen) {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
  }
  return sheet;
}
