// Where it is: wards proposed while one types (old names too), or from where the phone stands.
// Without JavaScript the server proposes them when the form is sent.
import { offersOf } from "./combobox.ts";

type Told = { places: Place[]; outside: boolean };
type Place = { code: string; name: string; note: string; sure: boolean };

const WAIT = 180; // milliseconds after the last key

export function mount(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLElement>("[data-place]")) serve(field);
}

function serve(field: HTMLElement): void {
  const form = field.closest("form");
  const input = field.querySelector<HTMLInputElement>("input[name=place]");
  const said = field.querySelector<HTMLElement>("[data-place-said]");
  const here = field.querySelector<HTMLButtonElement>("[data-here]");
  const proposed = field.querySelector<HTMLElement>("[data-proposed]");
  const hints = form?.dataset["hints"] ?? field.dataset["hints"];
  if (!form || !input || !hints || !proposed) return;

  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-list`, className: "options" });
  list.setAttribute("aria-label", field.dataset["sayList"] ?? "");
  const offers = offersOf(input, list, (option) => {
    const place = found[Number(option.dataset["at"])];
    if (place) choose(place);
  });

  let found: Place[] = [];
  let timer = 0;
  let asked = 0;

  const hidden = (name: string): HTMLInputElement => {
    let made = form.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`);
    if (!made) {
      made = Object.assign(document.createElement("input"), { type: "hidden", name });
      field.append(made);
    }
    return made;
  };
  const say = (words: string): void => {
    if (said) said.textContent = words;
  };
  const forget = (): void => {
    hidden("place_code").value = "";
    hidden("place_for").value = "";
  };
  const choose = (place: Place): void => {
    input.value = place.name;
    proposed.replaceChildren();
    hidden("place_code").value = place.code;
    hidden("place_for").value = place.name;
    field.classList.remove("bad");
    say("");
    offers.close();
  };
  const show = (places: Place[]): void => {
    found = places;
    offers.show(
      places.map((place, number) => {
        const item = Object.assign(document.createElement("li"), { id: `${list.id}-${number}` });
        item.setAttribute("role", "option");
        item.dataset["at"] = String(number);
        item.append(place.name);
        if (place.note) item.append(Object.assign(document.createElement("span"), { textContent: place.note }));
        return item;
      }),
    );
  };
  const ask = async (what: Record<string, string>): Promise<Told> => {
    const turn = ++asked;
    const response = await fetch(hints, { method: "POST", body: new URLSearchParams(what) });
    if (!response.ok) throw new Error(String(response.status));
    const told = (await response.json()) as Told;
    return turn === asked ? told : { places: [], outside: false };
  };

  input.addEventListener("input", () => {
    forget();
    window.clearTimeout(timer);
    const typed = input.value.trim();
    if (typed.length < 2) return offers.close();
    timer = window.setTimeout(() => {
      ask({ place: typed }).then(({ places }) => show(places), offers.close);
    }, WAIT);
  });
  input.addEventListener("blur", () => {
    const only = found.length === 1 && found[0]?.sure && !list.hidden ? found[0] : undefined;
    if (only) choose(only);
    offers.close();
  });

  if (here && "geolocation" in navigator) {
    here.hidden = false;
    here.addEventListener("click", () => {
      say(field.dataset["sayAsking"] ?? "");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const at = { latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6) };
          hidden("latitude").value = at.latitude;
          hidden("longitude").value = at.longitude;
          ask(at).then(
            ({ places, outside }) => {
              if (!outside) return propose(places);
              hidden("latitude").value = hidden("longitude").value = "";
              say(field.dataset["sayOutside"] ?? "");
            },
            () => say(field.dataset["sayNowhere"] ?? ""),
          );
        },
        () => say(field.dataset["sayRefused"] ?? ""),
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
      );
    });
  }

  const propose = (places: Place[]): void => {
    const [first] = places;
    if (!first) return say(field.dataset["sayNowhere"] ?? "");
    if (places.length === 1 && first.sure) {
      choose(first);
      return say((field.dataset["sayHere"] ?? "").replace("{name}", first.name));
    }
    say(field.dataset["sayChoose"] ?? "");
    forget();
    proposed.replaceChildren(
      ...places.map((place) => {
        const label = document.createElement("label");
        const radio = Object.assign(document.createElement("input"), { type: "radio", name: "place_choice", value: place.code });
        radio.addEventListener("change", () => {
          input.value = place.name;
          hidden("place_code").value = place.code;
          hidden("place_for").value = place.name;
        });
        label.append(radio, place.name);
        if (place.note) label.append(Object.assign(document.createElement("span"), { textContent: place.note }));
        return label;
      }),
    );
  };
}
