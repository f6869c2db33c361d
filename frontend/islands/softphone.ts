// The telephone in the browser: one session of SIP over a websocket, voice by WebRTC. Knows nothing of pages.
import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";

export type Line = { url: string; name: string; secret: string; rings?: boolean; ice?: RTCIceServer[] };
export type Rung = { call: string; auto: boolean };
export type Heard = {
  registered: (yes: boolean) => void;
  rings: (rung: Rung) => void;
  talks: () => void;
  over: () => void;
  /** Whether the microphone begins switched off in this call: it was, before the page was read anew. */
  muted: (call: string) => boolean;
  /** The browser gave no microphone; the call goes to somebody else. */
  deaf: (why: string) => void;
};

const MICROPHONE = "phone.microphone";
const SOON = 50; // milliseconds
const RELAYED = 2000; // milliseconds: for an address at the TURN server, without which some are not heard
const AGAIN = 1000;
const PROMISE_HOLDS = 10_000;
const SPEAKER = "phone.speaker";

export class Softphone {
  private readonly agent: UA;
  private readonly voice = new Audio();
  private readonly host: string;
  private readonly ice: RTCIceServer[];
  private readonly socket: WebSocketInterface;
  private session: RTCSession | undefined;
  private inHand = "";
  private microphone: MediaStream | undefined;
  private left = false;
  private taking: RTCSession | undefined;
  private promised = ""; // a call taken on the page before its ringing had arrived here

  constructor(
    line: Line,
    private readonly heard: Heard,
  ) {
    this.host = new URL(line.url).hostname;
    this.ice = line.ice ?? [];
    this.socket = new WebSocketInterface(line.url);
    this.agent = new UA({
      sockets: [this.socket],
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

  /** Be no telephone any more, at once and without hanging up: no voice goes out or comes in, and the exchange hears that this
   * one has gone, so that whoever was talked with isn't cut off. */
  leave(): void {
    this.left = true;
    const { session } = this;
    this.session = undefined;
    this.socket.disconnect();
    this.stopMicrophone();
    session?.connection?.close();
    this.voice.srcObject = null;
    this.agent.stop();
  }

  get busy(): boolean {
    return this.session !== undefined;
  }

  get muted(): boolean {
    return this.session?.isMuted().audio ?? false;
  }

  answer(call = ""): void {
    const { session } = this;
    if (!session) this.promise(call);
    else if (!session.isEstablished() && this.taking !== session) void this.takeUp((this.taking = session));
  }

  /** Call somebody; the demo's citizen does, an agent's calls are placed by the exchange. */
  call(number: string, shown: string): void {
    const session = this.agent.call(`sip:${number}@${this.host}`, {
      mediaConstraints: { audio: microphone(), video: false },
      pcConfig: { iceServers: this.ice },
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
    const call = request.getHeader("X-Call") ?? "";
    const auto = request.getHeader("X-Auto") === "1";
    const before = this.session;
    if (before && !before.isEnded() && !(auto && call === this.inHand)) {
      session.terminate({ status_code: 486 });
      return;
    }
    const promised = call !== "" && call === this.promised;
    this.promised = "";
    this.inHand = call;
    this.stopMicrophone();
    this.follow(session);
    if (before && !before.isEnded()) before.terminate(); // the exchange had lost that leg, and brings the call back here
    this.heard.rings({ call, auto: auto || promised });
    if (auto || promised) this.answer();
  }

  /** This call is taken as soon as it rings here, if it does so soon. */
  private promise(call: string): void {
    this.promised = call;
    setTimeout(() => {
      if (this.promised === call) this.promised = "";
    }, PROMISE_HOLDS);
  }

  /** The microphone is as it was left before the first sound of it goes out. */
  private async takeUp(session: RTCSession): Promise<void> {
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: microphone(), video: false });
    } catch (why) {
      this.heard.deaf(String(why));
      return;
    }
    if (session.isEnded() || this.session !== session) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    const off = this.heard.muted(this.inHand);
    for (const track of stream.getAudioTracks()) track.enabled = !off;
    this.microphone = stream;
    session.answer({ mediaStream: stream, pcConfig: { iceServers: this.ice } });
    if (off) session.mute({ audio: true });
  }

  private stopMicrophone(): void {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = undefined;
  }

  private follow(session: RTCSession): void {
    this.session = session;
    let talked = false;
    const over = (): void => {
      if (this.session !== session) return;
      this.session = undefined;
      this.stopMicrophone();
      if (this.taking === session && !talked) this.promise(this.inHand); // taken as the exchange stopped, to ring anew
      if (!this.left) this.heard.over();
    };
    session.on("accepted", () => {
      talked = true;
      this.heard.talks();
    });
    session.on("ended", over);
    session.on("failed", over);
    session.on("getusermediafailed", (why: unknown) => this.heard.deaf(String(why)));
    // The first address will do: some browsers go on looking for others for seconds. Where there is a TURN server, its own.
    const relays = this.ice.some(({ username }) => username);
    session.on("icecandidate", ({ candidate, ready }: { candidate: RTCIceCandidate; ready: () => void }) =>
      setTimeout(ready, relays && candidate.type !== "relay" ? RELAYED : SOON),
    );
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
