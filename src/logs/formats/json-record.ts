import { defineLineFormat, levelOf, plainQuotes } from '../line-format.ts';

const TIME_KEYS = ['ts', 'time', 'timestamp', '@timestamp', 't'];
const TEXT_KEYS = ['msg', 'message', 'log'];
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'L'];

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** zap writes the time as text or as seconds since the epoch with a fraction. */
function timeOf(value: unknown): string | undefined {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/u.test(value) ? value.replace(/([+-]\d\d)(\d\d)$/u, '$1:$2') : undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 1e8 || value > 1e14) return undefined;
  return new Date(value > 1e11 ? value : value * 1000).toISOString();
}

/**
 * Structured records of zap (etcd 3.5 and newer, many controllers), klog's JSON and others: one object a line. Fields other than time,
 * level and text stay behind the message as key=value. Source: uber-go/zap production encoder; etcd logging docs.
 */
export const jsonRecord = defineLineFormat({
  id: 'json-record',
  kind: 'message',
  read(line) {
    if (!line.startsWith('{"') || !line.endsWith('}')) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return undefined;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const record = value as Readonly<Record<string, unknown>>;
    const message = TEXT_KEYS.map((k) => text(record[k])).find((v) => v !== undefined);
    const level = LEVEL_KEYS.map((k) => text(record[k])).find((v) => v !== undefined);
    if (message === undefined || (level === undefined && TIME_KEYS.every((k) => record[k] === undefined))) return undefined;
    const time = TIME_KEYS.map((k) => timeOf(record[k])).find((v) => v !== undefined);
    const fields: string[] = [];
    for (const [key, field] of Object.entries(record)) {
      if (TIME_KEYS.includes(key) || TEXT_KEYS.includes(key) || LEVEL_KEYS.includes(key) || key === 'caller' || key === 'stacktrace')
        continue;
      const shown = text(field) ?? JSON.stringify(field);
      fields.push(`${key}=${shown.includes(' ') ? `"${shown}"` : shown}`);
    }
    const known = level === undefined ? undefined : levelOf(level);
    const caller = text(record['caller']);
    return {
      rest: plainQuotes([message, ...fields].join(' ').replaceAll('\n', ' ')),
      ...(time === undefined ? {} : { time }),
      ...(known === undefined ? {} : { level: known }),
      ...(caller === undefined ? {} : { sourceFile: caller }),
      ...(known === 'fatal' || known === 'panic' ? { terminal: 'zap-fatal' as const } : {}),
    };
  },
});
