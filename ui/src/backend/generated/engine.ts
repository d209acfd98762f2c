// Generated from the engine by `cargo xtask types`. Do not edit.

/**
 * Figures of one cache.
 */
export type CacheStats = {
/**
 * `library` or `match`.
 */
cache: string,
/**
 * Look-ups that found an entry.
 */
hits: number,
/**
 * Look-ups that did not.
 */
misses: number,
/**
 * Entries now.
 */
entries: number,
/**
 * Bytes now.
 */
bytes: number,
/**
 * Entries dropped to keep the size limit.
 */
evictions: number,
/**
 * Hits that turned out to be out of date.
 */
staleHits: number, };

/**
 * A written item in the feed.
 */
export type ChangedItem = {
/**
 * Its place in the run, unique and growing.
 */
seq: number,
/**
 * Its title.
 */
title: string,
/**
 * Its section's title.
 */
section: string,
/**
 * The fields written.
 */
fields: Array<Field>,
/**
 * Epoch milliseconds.
 */
at: number,
/**
 * A picture of at most 56×84 pixels as a `data:` URL, where one was sent.
 */
thumb: string | null, };

/**
 * Whose value a field shall have.
 */
export type Choice = "keepPlex" | "useSource";

/**
 * What a person may ask of the engine.
 */
export type Command = { "command": "sync",
/**
 * Plan only; write nothing.
 */
dryRun: boolean,
/**
 * Look at no more than so many source items.
 */
limit: number | null,
/**
 * Look only at source files whose path (relative to the source) begins with this.
 */
only: string | null,
/**
 * Nobody watches: refused before a first sync by hand, and ends without writing where much would be taken away.
 */
unattended: boolean, } | { "command": "undo",
/**
 * The run's number.
 */
run: number | null, } | { "command": "unlock",
/**
 * Also put back what stood there before Syncslate wrote, as far as the journal goes back.
 */
restore: boolean, } | { "command": "pause" } | { "command": "resume" } | { "command": "cancel" } | { "command": "testConnection" } | { "command": "retryFailed" } | { "command": "settle",
/**
 * Which, and how.
 */
decision: Decision, } | { "command": "setSettings",
/**
 * The new settings.
 */
settings: Settings, };

/**
 * A refused command. A `code` exists only where a consumer branches on it; the `message` is for people.
 */
export type CommandError = {
/**
 * What a consumer may branch on, e.g. `busy`, `settings`, `sign_in`, `unreachable`.
 */
code: string,
/**
 * What happened, what it means for the library, what to do.
 */
message: string, };

/**
 * How Plex is reached.
 */
export type Connection = { "state": "notSetUp" } | { "state": "unknown" } | { "state": "connected",
/**
 * The server's name.
 */
name: string,
/**
 * The server's version.
 */
version: string,
/**
 * How long its last answer to an identity request took.
 */
millis: number, } | { "state": "away",
/**
 * Since when, in epoch milliseconds.
 */
since: number,
/**
 * Why, in a sentence.
 */
message: string, } | { "state": "signInNeeded" };

/**
 * A person's decision about fields on which both sides have a claim.
 */
export type Decision = {
/**
 * Whose value it shall be.
 */
choice: Choice,
/**
 * Plex's key of the item; `None`: all items.
 */
item: number | null,
/**
 * The field; `None`: all fields.
 */
field: Field | null,
/**
 * Also those that were kept without a question: a person's own, handed back, fought over, not empty.
 */
keptToo: boolean, };

/**
 * What changed. Each variant replaces the part of the [`Snapshot`] that its text names.
 */
export type Event = { "type": "snapshot",
/**
 * The new state.
 */
snapshot: Snapshot, } | { "type": "connection",
/**
 * How Plex is reached now.
 */
connection: Connection, } | { "type": "progress",
/**
 * Figures so far, without timings and caches (see [`Event::Statistics`]).
 */
summary: RunSummary,
/**
 * The steps that have begun.
 */
phases: Array<PhaseProgress>, } | { "type": "changed",
/**
 * The items written since the last such event.
 */
items: Array<ChangedItem>, } | { "type": "statistics",
/**
 * Timings of this run.
 */
operations: Array<OperationStats>,
/**
 * Cache figures of this run.
 */
caches: Array<CacheStats>,
/**
 * Items written in the last second.
 */
itemsPerSecond: number, };

/**
 * One kind of value of an item.
 */
export type Field = "title" | "sortTitle" | "originalTitle" | "summary" | "tagline" | "studio" | "edition" | "contentRating" | "releaseDate" | "year" | "criticRating" | "audienceRating" | "userRating" | "addedAt" | "watched" | "genres" | "styles" | "moods" | "countries" | "directors" | "writers" | "producers" | "actors" | "collections" | "labels" | "poster" | "background" | "clearLogo" | "squareArt";

/**
 * How a list of tags is brought in line.
 */
export type ListMode = "mirror" | "own" | "add";

/**
 * An event with its place in the order; a subscriber that missed some gets a [`Event::Snapshot`], never a gap.
 */
export type Numbered = {
/**
 * Grows by one with each event.
 */
n: number,
/**
 * The event.
 */
event: Event, };

/**
 * The whole state with its place in the order of events: what comes after `n` is not in it yet.
 */
export type NumberedSnapshot = {
/**
 * The number of the last event that is in it.
 */
n: number,
/**
 * The state.
 */
snapshot: Snapshot, };

/**
 * Times of one operation in milliseconds, but for `count`.
 */
export type OperationStats = {
/**
 * The operation, e.g. `library_read`, `plex_edit`.
 */
operation: string,
/**
 * How often it ran.
 */
count: number,
/**
 * Half took at most so long.
 */
p50: number,
/**
 * 95 of 100 took at most so long.
 */
p95: number,
/**
 * 99 of 100 took at most so long.
 */
p99: number,
/**
 * The longest.
 */
max: number,
/**
 * All together.
 */
total: number, };

/**
 * Source paths that begin with `from` begin with `to` in Plex.
 */
export type PathRule = {
/**
 * Beginning of the path as the source sees it; ends at a folder boundary.
 */
from: string,
/**
 * Beginning of the path as Plex sees it.
 */
to: string, };

/**
 * The four steps of a sync.
 */
export type Phase = "read" | "match" | "compare" | "write";

/**
 * A step's figures.
 */
export type PhaseProgress = {
/**
 * Which step.
 */
phase: Phase,
/**
 * Items done.
 */
done: number,
/**
 * Items there are to do; `None` while that is not known.
 */
total: number | null,
/**
 * Time spent in it so far.
 */
millis: number, };

/**
 * What a field may overwrite.
 */
export type Policy = "keepEdits" | "sourceIsRight" | "fillEmpty" | "off";

/**
 * Something a person should know.
 */
export type Problem = {
/**
 * What a consumer may branch on, e.g. `cache_unavailable`, `token_in_memory`, `jobs_failed`.
 */
code: string,
/**
 * What happened, what it means for the library, what to do.
 */
message: string,
/**
 * What a button beside it does.
 */
action: ProblemAction, };

/**
 * What a person can do about a problem; the window has a button for each.
 */
export type ProblemAction = "openSettings" | "retryFailed" | "none";

/**
 * What a command answers.
 */
export type Reply = { "reply": "done" } | { "reply": "settled",
/**
 * How many.
 */
fields: number, } | { "reply": "started",
/**
 * Its number; 0 for a dry run.
 */
run: number, } | { "reply": "connected",
/**
 * The server's name.
 */
name: string,
/**
 * Its version.
 */
version: string,
/**
 * Titles of the sections that can be written to.
 */
sections: Array<string>,
/**
 * How long the answer took.
 */
millis: number, };

/**
 * What a run is for.
 */
export type RunKind = "sync" | "dryRun" | "undo" | "unlock";

/**
 * How far a run is.
 */
export type RunState = "running" | "paused" | "waiting" | "done" | "doneWithFailures" | "cancelled" | "stopped" | "interrupted";

/**
 * The figures of a run, stored with it. Also what `--json` prints.
 */
export type RunSummary = {
/**
 * Its number; 0 for a dry run.
 */
run: number,
/**
 * What it was for.
 */
kind: RunKind,
/**
 * How far it is.
 */
state: RunState,
/**
 * Epoch milliseconds.
 */
startedAt: number,
/**
 * Whole time so far or in the end, without the time paused.
 */
durationMs: number,
/**
 * Source items read or known to be unchanged.
 */
itemsRead: number,
/**
 * Source items tied to a Plex item.
 */
matched: number,
/**
 * Source items whose mapped path Plex does not hold.
 */
notInPlex: number,
/**
 * Source items for which it is not clear which Plex item they mean.
 */
ambiguous: number,
/**
 * Source files that could not be read as metadata.
 */
unreadable: number,
/**
 * Plex items with at least one change (planned, in a dry run).
 */
changed: number,
/**
 * Plex items written so far.
 */
written: number,
/**
 * Fields written so far (planned, in a dry run).
 */
fieldsWritten: number,
/**
 * Fields that differ and were kept as Plex has them.
 */
kept: number,
/**
 * Fields on which both sides have a claim.
 */
conflicts: number,
/**
 * Jobs of this run that gave up.
 */
failed: number,
/**
 * Requests to Plex by kind.
 */
requests: { [key in string]: number },
/**
 * Timings per operation.
 */
timings: Array<OperationStats>,
/**
 * Cache figures.
 */
caches: Array<CacheStats>,
/**
 * Why the run stopped, where it did: what happened, what it means, what to do.
 */
message: string | null,
/**
 * The code of that error, as in a refused command.
 */
code: string | null, };

/**
 * A run as the running view draws it.
 */
export type RunView = {
/**
 * Its figures so far.
 */
summary: RunSummary,
/**
 * The steps that have begun, in order; the last is the present one.
 */
phases: Array<PhaseProgress>,
/**
 * The newest changed items first, at most 50.
 */
feed: Array<ChangedItem>,
/**
 * Timings of this run.
 */
operations: Array<OperationStats>,
/**
 * Cache figures of this run.
 */
caches: Array<CacheStats>,
/**
 * Items written per second, one figure per second, the newest last, at most 120.
 */
speed: Array<number>, };

/**
 * A section to write to, and what differs there from the rest.
 */
export type SectionSettings = {
/**
 * Its title in Plex.
 */
title: string,
/**
 * Policies that differ from those of all sections.
 */
policies: { [key in string]: Policy },
/**
 * List modes that differ from those of all sections.
 */
listModes: { [key in string]: ListMode }, };

/**
 * All settings of one Plex server and its source. Carriers store only what differs from the default.
 */
export type Settings = {
/**
 * Address of the Plex server, e.g. `http://192.168.1.10:32400`. Empty until set up.
 */
plexAddress: string,
/**
 * The sections (Plex libraries) to write to. Empty until set up.
 */
sections: Array<SectionSettings>,
/**
 * Where metadata comes from.
 */
source: SourceSettings,
/**
 * Rewrite source paths into Plex paths; the first that fits is used.
 */
pathRules: Array<PathRule>,
/**
 * Policies that differ from the field's default, which is *keep my Plex edits* for most.
 */
policies: { [key in string]: Policy },
/**
 * List modes that differ from the field's default.
 */
listModes: { [key in string]: ListMode },
/**
 * Lock what is written, so that a Plex refresh does not undo it.
 */
lockWritten: boolean,
/**
 * Most requests at once to Plex; the engine starts low and grows up to this while Plex keeps pace.
 */
maxConcurrency: number, };

/**
 * Everything that a window draws.
 */
export type Snapshot = {
/**
 * The settings in force.
 */
settings: Settings,
/**
 * How Plex is reached.
 */
connection: Connection,
/**
 * The run under way, or the one that ended last.
 */
run: RunView | null,
/**
 * The newest runs first, at most 24.
 */
recent: Array<RunSummary>,
/**
 * Totals of the last whole comparison.
 */
totals: Totals,
/**
 * Jobs that gave up.
 */
failed: number,
/**
 * Fields on which a decision is open.
 */
conflicts: number,
/**
 * Statistics per cache since start.
 */
caches: Array<CacheStats>,
/**
 * Things that a person should know or do, most urgent first.
 */
problems: Array<Problem>, };

/**
 * A source of metadata.
 */
export type SourceSettings = { "kind": "nfo",
/**
 * The folder. Empty until set up.
 */
folder: string, };

/**
 * Where the Plex token is kept.
 */
export type TokenPlace = "missing" | "keychain" | "memory" | "file" | "demo";

/**
 * What a window may know about the Plex token.
 */
export type TokenState = {
/**
 * Where it is kept.
 */
place: TokenPlace,
/**
 * Why it is not in the keychain, and what that means, in a sentence.
 */
message: string | null, };

/**
 * What the last whole comparison found.
 */
export type Totals = {
/**
 * Source items.
 */
sourceItems: number,
/**
 * Plex items of the section's main type.
 */
plexItems: number,
/**
 * Source items tied to a Plex item.
 */
matched: number,
/**
 * Source items that Plex does not hold.
 */
notInPlex: number,
/**
 * Plex items that no source item speaks of.
 */
notInSource: number, };
