// The citizens' site: its style, and the islands that make a form easier where JavaScript runs.
import "./portal.css";
import { start, type Island } from "./islands.ts";

start(Object.values(import.meta.glob<Island>("./islands/{dial,forget,guess,handset,near,photos,place,print,proof,report_draft,share,suggest}.ts", { eager: true })));
