// Figures and times as the window writes them. The only place that turns a number into text.
// Not here: sentences (words.ts).

/** Narrow no-break space, between a number and its unit. */
export const NARROW = '\u202f';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface Formats {
  /** A count with the system's thousands separator. */
  count(value: number): string;
  /** A count with its noun: `1 item`, `4,212 items`. */
  counted(value: number, one: string, many?: string): string;
  /** A share from 0 to 1 with one decimal; `100 %` only when it is exactly 1. */
  rate(share: number): string;
  /** A share from 0 to 1 without decimals, rounded down: `100 %` only when all is done. */
  percent(share: number): string;
  /** Milliseconds as a time of at most two units. */
  duration(millis: number): string;
  /** Milliseconds as a time in whole seconds, for figures that tick. */
  ticking(millis: number): string;
  /** Milliseconds as a bare number for tables whose head names the unit. */
  millis(millis: number): string;
  /** Things per second, a bare number. */
  speed(perSecond: number): string;
  /** Bytes. */
  size(bytes: number): string;
  /** A moment, as short as it stays clear: `12 minutes ago`, `14:02`, `18 Nov`. */
  moment(at: number, now: number): string;
  /** A moment as part of a sentence: `12 minutes ago`, `at 14:02`, `on 18 Nov`. */
  momentInSentence(at: number, now: number): string;
  /** The age of something that has just happened: `now`, `4 s`, `2 min`. */
  age(at: number, now: number): string;
  /** Date and time in full, for tooltips. */
  fullDate(at: number): string;
}

/** The formats of one locale; without one, the system's. */
export function formats(locale?: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const upToOne = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const exactlyOne = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // The window speaks English; day and month follow its words, not the system's.
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
  const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' });

  const unit = (value: string, name: string) => `${value}${NARROW}${name}`;
  const count = (value: number) => whole.format(Math.max(0, Math.round(value) || 0));

  /** Two neighbouring units; the smaller one is left out where it is 0. */
  const pair = (big: number, bigName: string, small: number, smallName: string) =>
    small > 0 ? `${unit(count(big), bigName)} ${unit(count(small), smallName)}` : unit(count(big), bigName);

  const fromMinutes = (millis: number) => {
    const seconds = Math.round(millis / SECOND);
    if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
    const minutes = Math.round(millis / MINUTE);
    if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
    const hours = Math.round(millis / HOUR);
    return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
  };

  const safe = (millis: number) => (Number.isFinite(millis) ? Math.max(0, millis) : 0);

  const moment = (at: number, now: number): { text: string; link: '' | 'at ' | 'on ' } => {
    const past = Math.max(0, now - at);
    if (past < MINUTE) return { text: 'just now', link: '' };
    if (past < HOUR) {
      const minutes = Math.floor(past / MINUTE);
      return { text: `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`, link: '' };
    }
    const then = new Date(at);
    const today = new Date(now);
    if (then.toDateString() === today.toDateString()) return { text: clock.format(then), link: 'at ' };
    const sameYear = then.getFullYear() === today.getFullYear();
    return { text: (sameYear ? day : dayAndYear).format(then), link: 'on ' };
  };

  return {
    count,
    counted: (value, one, many = `${one}s`) => `${count(value)} ${Math.round(value) === 1 ? one : many}`,
    rate(share) {
      const tenths = Math.floor(Math.min(1, Math.max(0, share || 0)) * 1000 + 1e-9) / 10;
      return unit(tenths === 100 ? whole.format(100) : exactlyOne.format(tenths), '%');
    },
    percent(share) {
      return unit(whole.format(Math.floor(Math.min(1, Math.max(0, share || 0)) * 100 + 1e-9)), '%');
    },
    duration(millis) {
      const value = safe(millis);
      if (value < 9.95) return unit(upToOne.format(value), 'ms');
      if (value < 999.5) return unit(whole.format(value), 'ms');
      if (value < 9.95 * SECOND) return unit(upToOne.format(value / SECOND), 's');
      if (value < 59.5 * SECOND) return unit(whole.format(value / SECOND), 's');
      return fromMinutes(value);
    },
    ticking(millis) {
      const value = Math.floor(safe(millis) / SECOND) * SECOND;
      return value < MINUTE ? unit(whole.format(value / SECOND), 's') : fromMinutes(value);
    },
    millis(millis) {
      const value = safe(millis);
      return value < 9.95 ? upToOne.format(value) : whole.format(value);
    },
    speed(perSecond) {
      const value = safe(perSecond);
      return value < 99.95 ? exactlyOne.format(value) : whole.format(value);
    },
    size(bytes) {
      let value = Math.max(0, bytes || 0);
      let name = 'B';
      for (const next of ['kB', 'MB', 'GB', 'TB']) {
        if (value < 999.5) break;
        value /= 1000;
        name = next;
      }
      return unit(
        name === 'B' || value >= 99.95
          ? whole.format(value)
          : name === 'kB'
            ? whole.format(value)
            : exactlyOne.format(value),
        name,
      );
    },
    moment: (at, now) => moment(at, now).text,
    momentInSentence(at, now) {
      const { text, link } = moment(at, now);
      return `${link}${text}`;
    },
    age(at, now) {
      const past = Math.max(0, now - at);
      if (past < SECOND) return 'now';
      if (past < MINUTE) return unit(String(Math.floor(past / SECOND)), 's');
      if (past < HOUR) return unit(String(Math.floor(past / MINUTE)), 'min');
      return unit(count(past / HOUR), 'h');
    },
    fullDate: (at) => full.format(new Date(at)),
  };
}

/** The formats of the system that the window runs on. */
export const format = formats();

/** A text cut to a length that a line can never need; its whole stays for the tooltip. */
export function cut(text: string, limit = 160): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text.slice(0, limit * 2));
  return characters.length <= limit && text.length <= limit * 2
    ? text
    : `${characters.slice(0, limit - 1).join('')}…`;
}
