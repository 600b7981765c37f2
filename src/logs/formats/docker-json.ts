import { defineLineFormat } from '../line-format.ts';

/**
 * Docker's json-file driver: one object a line with `log` (ends in a newline unless the record goes on), `stream` and `time`
 * (UTC, nanoseconds). Lines over 16 KiB are cut into several records. Source: moby daemon/logger/jsonfilelog, docker docs.
 */
export const dockerJson = defineLineFormat({
  id: 'docker-json',
  kind: 'envelope',
  read(line) {
    // A tool that wrote it again may have left blanks, or the keys in another order.
    if (!line.startsWith('{"log":"') && !(line.startsWith('{') && /"log" ?:/u.test(line))) return undefined;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return line.startsWith('{"log":"') ? readDamaged(line) : undefined;
    }
    if (typeof record !== 'object' || record === null || !('log' in record) || typeof record.log !== 'string') return undefined;
    const time = 'time' in record && typeof record.time === 'string' ? record.time : undefined;
    const stream = 'stream' in record && typeof record.stream === 'string' ? record.stream : undefined;
    const asDockerHasIt = line.startsWith('{"log":"');
    if (stream === undefined && !asDockerHasIt) return undefined;
    // Docker cuts at 16 KiB; another writer may leave the newline out.
    const whole = record.log.endsWith('\n') || (!asDockerHasIt && record.log.length < 16_000);
    return {
      rest: record.log.replace(/[\r\n]+$/u, ''),
      ...(time === undefined ? {} : { time }),
      ...(stream === undefined ? {} : { stream }),
      ...(whole ? {} : { partial: true }),
    };
  },
});

/** A record that was cut off (rotation, copy and paste, a full disk): what stands between the quotes still counts. */
function readDamaged(line: string): { rest: string } {
  const body = line.slice('{"log":"'.length);
  const end = body.search(/\\n"|","stream"/u);
  const cut = (end < 0 ? body : body.slice(0, end)).replace(/\\n?"?\}?$/u, '');
  return { rest: cut.replaceAll('\\"', '"').replaceAll('\\t', '\t').replaceAll('\\\\', '\\') };
}
