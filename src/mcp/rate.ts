/** Lets so many through in a minute, all of them at once where nothing came before. Times are in milliseconds. */
export function createRate(perMinute: number, start: number): (now: number) => boolean {
  let left = perMinute;
  let last = start;
  return (now) => {
    left = Math.min(perMinute, left + ((now - last) * perMinute) / 60_000);
    last = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
