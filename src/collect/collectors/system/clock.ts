/** The node's clock beside what it can be held against. Source: timedatectl(1), chronyc(1), rtc(4). */
import { linesOf } from '../../../facts/parse/lines.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fromCommand, fromFile, knownValue, recordText, type Observations } from './parts.ts';

const DAY = 86_400;

/** `reference`: seconds since the epoch by another machine's clock when the probe ran, where there was one. */
export function readClock(records: readonly ProbeRecord[], reference?: number): Observations {
  const found: Observations = {};
  const now = Number(recordText(records, 'time')?.trim());
  if (Number.isFinite(now) && now > 0) {
    found['clock.now'] = knownValue(new Date(now * 1000).toISOString(), fromCommand('date -u'));
    if (reference !== undefined)
      found['clock.offset-seconds'] = knownValue(
        Math.round(now - reference),
        fromCommand('date -u +%s', "held against this machine's clock"),
      );
    // Files of the system cannot be younger than now.
    for (const line of linesOf(recordText(records, 'oldest') ?? '')) {
      const match = /^(\d+) (\/.*)$/u.exec(line);
      if (match === null || Number(match[1]) < now + DAY) continue;
      const written = new Date(Number(match[1]) * 1000).toISOString();
      found['clock.skewed'] = knownValue(true, fromFile(match[2] ?? '', `last written ${written}, which is in the future`));
    }
  }
  const rtc = recordText(records, 'rtc');
  if (rtc !== undefined) found['clock.has-rtc'] = knownValue(rtc.trim() !== '', fromFile('/sys/class/rtc/rtc0/since_epoch'));
  const told = recordText(records, 'timedatectl');
  for (const line of linesOf(told ?? '')) {
    const [name, value] = line.split('=');
    if (name === 'NTPSynchronized') found['clock.ntp-synchronised'] = knownValue(value === 'yes', fromCommand('timedatectl show', line));
    if (name === 'NTP')
      found['clock.ntp-service'] = knownValue(value === 'yes' ? 'active' : 'inactive', fromCommand('timedatectl show', line));
  }
  return { ...found, ...chrony(recordText(records, 'chronyc')) };
}

/** `System time     : 0.000012 seconds fast of NTP time`, `Leap status     : Normal`. */
function chrony(text: string | undefined): Observations {
  if (text === undefined || text.trim() === '') return {};
  const lines = linesOf(text);
  const leap = lines.find((line) => line.startsWith('Leap status'));
  if (leap === undefined) return {};
  const synchronised = !leap.includes('Not synchronised');
  const found: Observations = { 'clock.ntp-synchronised': knownValue(synchronised, fromCommand('chronyc -n tracking', leap)) };
  const system = lines.find((line) => line.startsWith('System time'));
  const match = /([\d.]+) seconds (fast|slow) of/u.exec(system ?? '');
  if (synchronised && match !== null && system !== undefined) {
    const seconds = Number(match[1]) * (match[2] === 'slow' ? -1 : 1);
    found['clock.offset-seconds'] = knownValue(seconds, fromCommand('chronyc -n tracking', system));
  }
  return found;
}
