import { defineLineFormat, plainQuotes } from '../line-format.ts';

const GLUED = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d):(\d\d)( ?[AP]M)?(?=[^\d ])/u;

/** The log window of Rancher 1.x: "d/m/yyyy hh:mm:ss(AM|PM)" glued to the text without a blank; day and month may be swapped by the browser's locale. */
export const rancher1 = defineLineFormat({
  id: 'rancher1',
  kind: 'envelope',
  read(line) {
    const hit = GLUED.exec(line);
    if (hit === null) return undefined;
    return { rest: plainQuotes(line.slice(hit[0].length)) };
  },
});
