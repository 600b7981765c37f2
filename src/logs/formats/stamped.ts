import { defineLineFormat } from '../line-format.ts';

const STAMP =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{6,9}(?:Z|[+-]\d\d:?\d\d)) (?=[^ ])(?!stdout |stderr |[\w.-]{1,253} [A-Za-z][\w.@-]{0,63}\[\d{1,10}\]: )/u;

/** `docker logs -t`, `kubectl logs --timestamps`, `journalctl -o short-iso-precise`-like: an RFC 3339 time and a blank before each line. */
export const stamped = defineLineFormat({
  id: 'stamped',
  kind: 'envelope',
  read(line) {
    const hit = STAMP.exec(line);
    return hit?.[1] === undefined ? undefined : { rest: line.slice(hit[0].length), time: hit[1].replace(' ', 'T') };
  },
});
