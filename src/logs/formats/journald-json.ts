import { defineLineFormat, type Level } from '../line-format.ts';

const PRIORITIES: readonly Level[] = ['fatal', 'fatal', 'fatal', 'error', 'warning', 'notice', 'info', 'debug'];

/**
 * `journalctl -o json`: one object a line; MESSAGE is text or, when it is not UTF-8, an array of byte values; __REALTIME_TIMESTAMP is
 * in microseconds since the epoch. Source: systemd.journal-fields(7), Journal Export Formats.
 */
export const journaldJson = defineLineFormat({
  id: 'journald-json',
  kind: 'envelope',
  read(line) {
    if (!line.startsWith('{') || !line.includes('"MESSAGE"')) return undefined;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return undefined;
    }
    if (typeof record !== 'object' || record === null) return undefined;
    const fields = record as Readonly<Record<string, unknown>>;
    const message = messageText(fields['MESSAGE']);
    if (message === undefined) return undefined;
    const stamp = fields['_SOURCE_REALTIME_TIMESTAMP'] ?? fields['__REALTIME_TIMESTAMP'];
    const time = typeof stamp === 'string' && /^\d{13,17}$/u.test(stamp) ? new Date(Number(stamp) / 1000).toISOString() : undefined;
    const unit = fields['_SYSTEMD_UNIT'] ?? fields['SYSLOG_IDENTIFIER'] ?? fields['_COMM'];
    const priority = fields['PRIORITY'];
    const level = typeof priority === 'string' && /^[0-7]$/u.test(priority) ? PRIORITIES[Number(priority)] : undefined;
    return {
      rest: message,
      ...(time === undefined ? {} : { time }),
      ...(typeof unit === 'string' ? { component: unit.replace(/\.service$/u, '') } : {}),
      // A service that writes to stderr gets priority info: its own header says more, so an inner level wins.
      ...(level === undefined || level === 'info' ? {} : { level }),
    };
  },
});

function messageText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((v) => typeof v === 'number')) return Buffer.from(value).toString('utf8');
  return undefined;
}
