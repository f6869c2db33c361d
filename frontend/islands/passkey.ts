// Passkeys: the browser asks for the finger or the face, and the form carries what it signed. Nothing else is ours to do.

type Json = Record<string, unknown>;
type Described = { id: string; type: PublicKeyCredentialType; transports?: AuthenticatorTransport[] };

export function mountPasskeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      const credential = form.elements.namedItem("credential") as HTMLInputElement;
      if (credential.value) return;
      event.preventDefault();
      void ask(form, credential);
    });
  }
}

async function ask(form: HTMLFormElement, credential: HTMLInputElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  if (failed) failed.hidden = true;
  try {
    const publicKey = (await optionsOf(form)).publicKey as Json;
    const made = form.dataset.passkey === "create" ? await create(publicKey) : await get(publicKey);
    if (!made) throw new Error("nothing");
    credential.value = JSON.stringify(made);
    form.submit();
  } catch {
    if (failed) failed.hidden = false; // thought better of, no such key here, or none that this page may use
  }
}

async function optionsOf(form: HTMLFormElement): Promise<Json> {
  const url = form.dataset.optionsUrl;
  if (!url) return JSON.parse(document.getElementById(form.dataset.options ?? "")?.textContent ?? "{}") as Json;
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return ((await response.json()) as { request_options: Json }).request_options;
}

/** One that stays on the device and asks who holds it: it is enough by itself to come in. */
async function create(options: Json): Promise<Json | undefined> {
  const user = options.user as Json;
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    user: { ...user, id: bytes(user.id as string) },
    excludeCredentials: described(options.excludeCredentials),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
  if (!made) return undefined;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...common(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function get(options: Json): Promise<Json | undefined> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    allowCredentials: described(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const made = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
  if (!made) return undefined;
  const response = made.response as AuthenticatorAssertionResponse;
  return {
    ...common(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

function common(made: PublicKeyCredential): Json {
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
  };
}

function described(list: unknown): object[] {
  return ((list as Described[] | undefined) ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

/** base64url, as WebAuthn writes it in JSON. */
function bytes(encoded: string): ArrayBuffer {
  const plain = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
