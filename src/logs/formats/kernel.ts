import { defineLineFormat } from '../line-format.ts';

const SECONDS = /^(?:kernel: )?\[ *(\d{1,9}\.\d{6})\] /u;
const HUMAN = /^\[((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \d{4})\] /u;

/** dmesg: "[   12.345678] text" (seconds since boot) and `dmesg -T` ("[Mon Nov 22 00:01:36 2026] text"). Source: dmesg(1). */
export const kernel = defineLineFormat({
  id: 'kernel',
  kind: 'envelope',
  read(line) {
    const seconds = SECONDS.exec(line);
    if (seconds !== null) return { rest: line.slice(seconds[0].length), component: 'kernel' };
    const human = HUMAN.exec(line);
    if (human?.[1] === undefined) return undefined;
    const at = new Date(`${human[1]} UTC`);
    return {
      rest: line.slice(human[0].length),
      component: 'kernel',
      ...(Number.isNaN(at.getTime()) ? {} : { time: at.toISOString().slice(0, 19) }),
    };
  },
});
