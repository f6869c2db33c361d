// The telephone in the browser: one session of SIP over a websocket, voice by WebRTC. Knows nothing of pages.
import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";

export type Line = { url: string; name: string; secret: string; rings?: boolean };
export type Rung = { call: string; auto: boolean };
export type Heard = {
  registered: (yes: boolean) => void;
  rings: (rung: Rung) => void;
  talks: () => void;
  over: () => void;
  /** The browser gave no microphone; the call goes to somebody else. */
  deaf: (why: string) => void;
};

const MICROPHONE = "phone.microphone";
const SOON = 50; // milliseconds
const AGAIN = 1000;
const SPEAKER = "phone.speaker";

export class Softphone {
  private readonly agent: UA;
  private readonly voice = new Audio();
  private readonly host: string;
  private session: RTCSession | undefined;
  private promised = ""; // a call taken on the page before its ringing had arrived here

  constructor(
    line: Line,
    private readonly heard: Heard,
  ) {
    this.host = new URL(line.url).hostname;
    this.agent = new UA({
      sockets: [new WebSocketInterface(line.url)],
      uri: `sip:${line.name}@${this.host}`,
      authorization_user: line.name,
      password: line.secret,
      register: line.rings ?? true,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
    });
    this.agent.on("registered", () => heard.registered(true));
    this.agent.on("unregistered", () => heard.registered(false));
    this.agent.on("registrationFailed", () => {
      heard.registered(false);
      setTimeout(() => this.agent.register(), AGAIN); // a line made just now is not known to the exchange yet
    });
    this.agent.on("disconnected", () => heard.registered(false));
    this.agent.on("newRTCSession", (event: { session: RTCSession; originator: string; request: { getHeader: (name: string) => string | undefined } }) => {
      if (event.originator === "remote") this.take(event.session, event.request);
    });
  }

  start(): void {
    this.agent.start();
  }

  /** Start, and wait for the way to the exchange. */
  connect(): Promise<void> {
    return new Promise((there) => {
      this.agent.once("connected", () => there());
      this.agent.start();
    });
  }

  stop(): void {
    this.agent.stop();
  }

  get busy(): boolean {
    return this.session !== undefined;
  }

  answer(call = ""): void {
    const session = this.session;
    if (!session) this.promised = call;
    if (!session || session.isEstablished()) return;
    session.answer({ mediaConstraints: { audio: microphone(), video: false }, pcConfig: { iceServers: [] } });
  }

  /** Call somebody; the demo's citizen does, an agent's calls are placed by the exchange. */
  call(number: string, shown: string): void {
    const session = this.agent.call(`sip:${number}@${this.host}`, {
      mediaConstraints: { audio: microphone(), video: false },
      pcConfig: { iceServers: [] },
      fromUserName: shown,
    });
    this.follow(session);
  }

  hangUp(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  mute(on: boolean): void {
    if (on) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  press(key: string): void {
    this.session?.sendDTMF(key, { transportType: "RFC2833" as never, duration: 120 });
  }

  private take(session: RTCSession, request: { getHeader: (name: string) => string | undefined }): void {
    if (this.session && !this.session.isEnded()) {
      session.terminate({ status_code: 486 });
      return;
    }
    const call = request.getHeader("X-Call") ?? "";
    const auto = request.getHeader("X-Auto") === "1" || (call !== "" && call === this.promised);
    this.promised = "";
    this.follow(session);
    this.heard.rings({ call, auto });
    if (auto) this.answer();
  }

  private follow(session: RTCSession): void {
    this.session = session;
    const over = (): void => {
      if (this.session === session) this.session = undefined;
      this.heard.over();
    };
    session.on("accepted", () => this.heard.talks());
    session.on("ended", over);
    session.on("failed", over);
    session.on("getusermediafailed", (why: unknown) => this.heard.deaf(String(why)));
    // The first address will do: some browsers go on looking for others for seconds.
    session.on("icecandidate", ({ ready }: { ready: () => void }) => setTimeout(ready, SOON));
    const hear = (connection: RTCPeerConnection): void => {
      connection.addEventListener("track", (event) => void this.play(event.streams[0] ?? new MediaStream([event.track])));
    };
    if (session.connection) hear(session.connection);
    session.on("peerconnection", (event: { peerconnection: RTCPeerConnection }) => hear(event.peerconnection));
  }

  private async play(stream: MediaStream): Promise<void> {
    this.voice.srcObject = stream;
    const speaker = localStorage.getItem(SPEAKER);
    if (speaker && "setSinkId" in this.voice) await this.voice.setSinkId(speaker).catch(() => undefined);
    await this.voice.play().catch(() => undefined);
  }
}

function microphone(): MediaTrackConstraints | true {
  const chosen = localStorage.getItem(MICROPHONE);
  return { echoCancellation: true, noiseSuppression: true, ...(chosen ? { deviceId: { ideal: chosen } } : {}) };
}
