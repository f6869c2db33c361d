// The desk: styles, htmx, and the islands that make it quick. Without it every page works by links and forms.
import "./desk.css";
import htmx from "htmx.org";
import { keepAfterCall } from "./islands/after_call";
import { keepCalm } from "./islands/calm";
import { checkPhone } from "./islands/check";
import { pickDays } from "./islands/day";
import { keepDrafts } from "./islands/drafts";
import { keepDropsInside } from "./islands/drops";
import { watchIdle } from "./islands/idle";
import { startKeys } from "./islands/keys";
import { hearFaster } from "./islands/listen";
import { goLive } from "./islands/live";
import { mountPasskeys } from "./islands/passkey";
import { startPhone } from "./islands/phone";
import { siftChoices } from "./islands/pick";
import { mount as printPages } from "./islands/print";
import { recordTexts } from "./islands/recorder";
import { writeSavedInput } from "./islands/saved_input";
import { countSegments } from "./islands/segments";
import { endUndo } from "./islands/undo";
import { watchWall } from "./islands/wall";

document.documentElement.classList.add("js");
htmx.config.includeIndicatorStyles = false;
htmx.config.defaultSettleDelay = 0; // what is swapped in answers keys at once
startKeys();
siftChoices();
pickDays();
keepDropsInside();
startPhone(); // before the drafts: nobody signs out of a call
keepDrafts();
writeSavedInput(); // after the drafts: what was sent is the later of the two
keepAfterCall();
watchIdle();
goLive();
hearFaster();
checkPhone();
keepCalm();
mountPasskeys();
printPages(document);
recordTexts();
countSegments();
endUndo();
watchWall();
