// Generated from the engine by `cargo xtask types`. Do not edit.

/**
 * What a person decides about.
 */
export type About = "conflicts" | "lockedBefore" | "conflictsAndKept";

/**
 * What is answered.
 */
export type Answer = { "answer": "rulesTested",
/**
 * The figures and some paths.
 */
test: RuleTest, } | { "answer": "rulesSuggested",
/**
 * In the order in which they are to be applied. Empty where nothing fits, and where no rule is needed.
 */
rules: Array<RuleSuggestion>,
/**
 * Media files of the source.
 */
files: number,
/**
 * Of these those that Plex holds under the very same path.
 */
asTheyAre: number, } | { "answer": "matches",
/**
 * The figures and the rows.
 */
list: MatchList, } | { "answer": "chosen",
/**
 * The source item.
 */
sourceId: string,
/**
 * The Plex items that it means by choice.
 */
accepted: Array<PlexItemRef>,
/**
 * The Plex items that it never means.
 */
rejected: Array<PlexItemRef>, };

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
 * Whether a Plex server takes the roles or the pictures of actors, which only trying tells.
 */
export type CastTaken = "unknown" | "taken" | "ignored";

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
 * A field decided for the source and not written yet, for people.
 */
export type ChosenItem = {
/**
 * The Plex item's title.
 */
title: string,
/**
 * Plex's key of it, by which it is withdrawn.
 */
item: number,
/**
 * The field.
 */
field: Field,
/**
 * The source's value.
 */
source: Value, };

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
 * A field on which both sides have a claim. Stored and listed; nothing is written.
 */
export type Conflict = {
/**
 * The field.
 */
field: Field,
/**
 * Which decision it asks for.
 */
kind: ConflictKind,
/**
 * What Plex holds.
 */
plex: Value,
/**
 * What the source asks for (on undo: what the field held before the run).
 */
source: Value, };

/**
 * A field on which both sides have a claim, for people.
 */
export type ConflictItem = {
/**
 * The Plex item's title.
 */
title: string,
/**
 * Plex's key of it, by which it is decided.
 */
item: number,
/**
 * The field and both values.
 */
conflict: Conflict, };

/**
 * What kind of decision a conflict asks of a person.
 */
export type ConflictKind = "bothChanged" | "editedSince";

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
 * Which of these fields it is about.
 */
about: About, };

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
 * A job that gave up, for people.
 */
export type FailedItem = {
/**
 * The Plex item's title.
 */
title: string,
/**
 * The run that planned it.
 */
run: number,
/**
 * The fields that were not written.
 */
fields: Array<Field>,
/**
 * Why, and what can be done.
 */
message: string,
/**
 * Epoch milliseconds.
 */
at: number, };

/**
 * One kind of value of an item.
 */
export type Field = "title" | "sortTitle" | "originalTitle" | "summary" | "tagline" | "studio" | "edition" | "contentRating" | "releaseDate" | "year" | "criticRating" | "audienceRating" | "userRating" | "addedAt" | "watched" | "genres" | "styles" | "moods" | "countries" | "directors" | "writers" | "producers" | "actors" | "collections" | "labels" | "poster" | "background" | "clearLogo" | "squareArt";

/**
 * A field that differs and is left as it is.
 */
export type Kept = {
/**
 * The field.
 */
field: Field,
/**
 * Why.
 */
reason: KeptReason,
/**
 * What Plex holds.
 */
plex: Value,
/**
 * What the source asks for.
 */
source: Value, };

/**
 * A field that differs and was kept as Plex has it, for people.
 */
export type KeptItem = {
/**
 * The Plex item's title.
 */
title: string,
/**
 * Plex's key of it, by which it is decided.
 */
item: number,
/**
 * The field, both values, and why.
 */
kept: Kept, };

/**
 * Why a field that differs is left as it is.
 */
export type KeptReason = "personsEdit" | "lockedBefore" | "handedBack" | "tugOfWar" | "refused" | "notEmpty" | "foreignRating" | "lastMember";

/**
 * What a run that did not come to an end left undone, as the queue has it.
 */
export type Left = {
/**
 * Plex items of which nothing was sent yet.
 */
waiting: number,
/**
 * Plex items to which something was sent, or was about to be, and that were not read back: they may be written.
 */
sent: number,
/**
 * Whether its plan was whole: then the next sync of the same settings goes on with it, else it plans anew.
 */
planned: boolean, };

/**
 * How a list of tags is brought in line.
 */
export type ListMode = "mirror" | "own" | "add";

/**
 * Which source items to list.
 */
export type MatchFilter = "all" | "missing" | "suggested";

/**
 * What became of source items.
 */
export type MatchList = {
/**
 * Source items.
 */
items: number,
/**
 * Those that match and write.
 */
matched: number,
/**
 * Those that match, and another source item writes.
 */
alsoHere: number,
/**
 * Those that Plex does not hold.
 */
notInPlex: number,
/**
 * Those that no rule covers.
 */
noRule: number,
/**
 * Those for which it is not clear which item they mean.
 */
ambiguous: number,
/**
 * Those whose only match a person ruled out.
 */
rejected: number,
/**
 * Those for which something is suggested.
 */
suggested: number,
/**
 * The rows, in the order of the source's folders.
 */
rows: Array<MatchRow>,
/**
 * Whether there are more rows than were asked for.
 */
more: boolean, };

/**
 * A source item and what became of it.
 */
export type MatchRow = {
/**
 * The source item.
 */
sourceId: string,
/**
 * How it stands.
 */
state: MatchState,
/**
 * Why, in a sentence.
 */
why: string,
/**
 * Its files as Plex should hold them, where it does not.
 */
paths: Array<string>,
/**
 * The Plex items that it matches.
 */
items: Array<MatchedItem>,
/**
 * What resembles it, and waits for a yes.
 */
suggestions: Array<MatchSuggestion>, };

/**
 * How a source item stands.
 */
export type MatchState = "matched" | "alsoHere" | "notInPlex" | "noRule" | "ambiguous" | "rejected";

/**
 * A Plex item that resembles a source item.
 */
export type MatchSuggestion = {
/**
 * The Plex item.
 */
item: PlexItemRef,
/**
 * Why, in a sentence.
 */
why: string,
/**
 * The file as the source sees it.
 */
sourcePath: string,
/**
 * The file as Plex sees it; empty where the item has none of its own.
 */
plexPath: string, };

/**
 * A match and its evidence.
 */
export type MatchedItem = {
/**
 * The Plex item.
 */
item: PlexItemRef,
/**
 * Whether a person chose it.
 */
chosen: boolean,
/**
 * The rule that led to it, counted from 0; `None` where none did.
 */
rule: number | null,
/**
 * The file as the source sees it.
 */
sourcePath: string,
/**
 * The file as Plex sees it.
 */
plexPath: string,
/**
 * The source item that writes it, where that is another one.
 */
writer: string | null, };

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
 * Rewrites source paths into Plex paths. Of several rules the first that fits is used.
 */
export type PathRule = {
/**
 * Beginning of the path as the source sees it, which ends at a folder boundary; or a pattern of the whole path.
 */
from: string,
/**
 * Beginning of the path as Plex sees it; or the whole path, in which `$1` and `${name}` stand for groups of the
 * pattern, `$0` for all of it, and `$$` for a dollar sign.
 */
to: string,
/**
 * How the left side is read. Settings of before there were patterns have none.
 */
kind?: PathRuleKind, };

/**
 * How the left side of a path rule is read.
 */
export type PathRuleKind = "prefix" | "regex";

/**
 * What the rules make of a source path.
 */
export type PathTrial = {
/**
 * The path as the source sees it.
 */
sourcePath: string,
/**
 * The rule that fitted first, counted from 0; `None` where none did, or there are none.
 */
rule: number | null,
/**
 * The path in Plex; `None` where there are rules and none fitted.
 */
plexPath: string | null,
/**
 * The Plex items that hold it.
 */
items: Array<PlexItemRef>, };

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
 * A Plex item, for people.
 */
export type PlexItemRef = {
/**
 * Plex's key of it.
 */
ratingKey: number,
/**
 * Its title.
 */
title: string,
/**
 * Title of its section.
 */
section: string, };

/**
 * A file in Plex.
 */
export type PlexPath = {
/**
 * Its path as Plex sees it.
 */
plexPath: string,
/**
 * The item that holds it.
 */
item: PlexItemRef, };

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
export type ProblemAction = "openSettings" | "decideLocked" | "retryFailed" | "none";

/**
 * A question, asked with the settings in force.
 */
export type Question = { "question": "testRules",
/**
 * The rules, in order.
 */
rules: Array<PathRule>,
/**
 * Source paths to show, whole or relative to the source's folder; where there are none, some are picked.
 */
paths: Array<string>, } | { "question": "suggestRules" } | { "question": "matches",
/**
 * Which of them to list.
 */
which: MatchFilter,
/**
 * How many rows to list at most.
 */
limit: number | null, } | { "question": "acceptMatch",
/**
 * The source item.
 */
sourceId: string,
/**
 * The Plex item; `None`: what is suggested.
 */
ratingKey: number | null, } | { "question": "rejectMatch",
/**
 * The source item.
 */
sourceId: string,
/**
 * The Plex item; `None`: whatever it matches now, or is suggested.
 */
ratingKey: number | null, };

/**
 * What a command answers.
 */
export type Reply = { "reply": "done" } | { "reply": "settled",
/**
 * How many.
 */
fields: number,
/**
 * Those of them that were withdrawn after they may have been written: the next run looks, and what it wrote can
 * be taken back.
 */
maybeWritten: number, } | { "reply": "started",
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
 * What another process may read while this one owns the data folder; renewed once a second during a run.
 */
export type Report = {
/**
 * The state.
 */
snapshot: Snapshot,
/**
 * The newest failed jobs, at most 1,000.
 */
failed: Array<FailedItem>,
/**
 * Open conflicts, at most 1,000.
 */
conflicts: Array<ConflictItem>,
/**
 * Fields that differ and were kept as Plex has them: at most 1,000 that were locked before anything was known of
 * them, and at most 1,000 others.
 */
kept: Array<KeptItem>,
/**
 * How many fields were locked before anything was known of them, shown or not.
 */
lockedBefore: number,
/**
 * Fields decided for the source that the next sync writes, at most 1,000.
 */
chosen: Array<ChosenItem>,
/**
 * Source files that the last sync could not read; `None` where it read all.
 */
unread?: UnreadFiles,
/**
 * When it was written, in epoch milliseconds.
 */
at: number, };

/**
 * What one rule does.
 */
export type RuleReach = {
/**
 * The rule.
 */
rule: PathRule,
/**
 * Source items with a file that it is the first to fit.
 */
covered: number,
/**
 * Source items that Plex holds through it.
 */
matched: number, };

/**
 * A suggested rule.
 */
export type RuleSuggestion = {
/**
 * The rule.
 */
rule: PathRule,
/**
 * Source files that Plex holds through it.
 */
files: number,
/**
 * Source files that it covers.
 */
covered: number,
/**
 * How many of its files no other file on either side could be taken for.
 */
sure: number,
/**
 * One of its files as the source sees it.
 */
exampleSource: string,
/**
 * The same as Plex sees it.
 */
examplePlex: string,
/**
 * Other right sides for nearly the same files.
 */
instead: Array<string>, };

/**
 * What rules would do.
 */
export type RuleTest = {
/**
 * Source items.
 */
items: number,
/**
 * Those that Plex would be found to hold.
 */
matched: number,
/**
 * Those that a rule covers and Plex does not hold.
 */
notInPlex: number,
/**
 * Those that no rule covers.
 */
noRule: number,
/**
 * Those whose files lead to different Plex items.
 */
ambiguous: number,
/**
 * Per rule, what it does.
 */
rules: Array<RuleReach>,
/**
 * Plex items with files.
 */
plexItems: number,
/**
 * Those that no source file would lead to.
 */
plexWithoutSource: number,
/**
 * The paths that were asked for, or some of every kind.
 */
paths: Array<PathTrial>,
/**
 * Some files in Plex that no source file would lead to.
 */
plexPaths: Array<PlexPath>, };

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
 * Plex items with at least one change (planned, in a dry run), collections among them.
 */
changed: number,
/**
 * How many of these are collections.
 */
collectionsChanged: number,
/**
 * Plex items written so far, collections among them.
 */
written: number,
/**
 * How many of these are collections.
 */
collectionsWritten: number,
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
code: string | null,
/**
 * What it left undone, where it did not come to an end. Not stored: told from the queue.
 */
left?: Left, };

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
 * When a change put them in force, in epoch milliseconds; `None`: not since this process began. What a run before
 * that says of settings may be mended.
 */
settingsSince: number | null,
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
 * Whether this Plex server takes the roles of actors.
 */
roles: CastTaken,
/**
 * Whether it takes their pictures.
 */
actorPictures: CastTaken,
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

/**
 * A source file that says nothing, for people.
 */
export type UnreadFile = {
/**
 * Where it is.
 */
path: string,
/**
 * Why it says nothing, to be read on from the path.
 */
reason: string, };

/**
 * Source files that say nothing. What Plex holds of them stays as it is.
 */
export type UnreadFiles = {
/**
 * The run that met them.
 */
run: number,
/**
 * The first of them, at most 1,000.
 */
files: Array<UnreadFile>,
/**
 * How many more there are.
 */
more: number, };

/**
 * A value as `text` leaves it: normalised, so that equal meaning is equal data (tags aside, which compare case-folded).
 */
export type Value = "empty" | { "text": string } | { "whole": number } | { "tenths": number } | { "moment": number } | "yes" | { "tags": Array<string> } | { "cast": {
/**
 * As the tags of any list.
 */
names: Array<string>,
/**
 * What they play: as many as there are names, or none at all where nothing is known of roles. An empty text: Plex
 * says none, a source says nothing.
 */
roles: Array<string>,
/**
 * Addresses of their pictures, as with roles.
 */
pictures: Array<string>, } } | { "image": string };
