import { defineLineFormat } from '../line-format.ts';

const ZUUL = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}) \| (?:[A-Za-z0-9][\w.-]* \| )?/u;

/** Job consoles that put time and host before each line: "2021-02-03 01:34:35.626590 | node-2 | text". */
export const ciStamped = defineLineFormat({
  id: 'ci-stamped',
  kind: 'envelope',
  read(line) {
    const hit = ZUUL.exec(line);
    return hit?.[1] === undefined ? undefined : { rest: line.slice(hit[0].length), time: hit[1].replace(' ', 'T') };
  },
});
