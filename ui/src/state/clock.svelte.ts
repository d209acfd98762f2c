// The time of day, once a second, for ages and moments.

export class Clock {
  now = $state(Date.now());

  /** Ticks until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 1000);
    return () => clearInterval(timer);
  }
}
