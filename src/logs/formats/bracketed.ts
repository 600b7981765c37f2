import { defineLineFormat, levelOf, plainQuotes } from '../line-format.ts';

/** CoreDNS, Calico, cloud-init and shell scripts: an optional time, then "[FATAL]" or "[INFO][5161]", then the text. */
const LINE =
  /^(?:(\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?):? )?\[(FATAL|ERROR|WARNING|WARN|INFO|DEBUG|PANIC|NOTICE|CRITICAL)\](?:\[\d+\])? ?(.*)$/su;
const WORD =
  /^(\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?):? +(FATAL|ERROR|WARNING|WARN|INFO|DEBUG|PANIC|NOTICE|CRITICAL):? (.*)$/su;
const CALICO_FILE = /^([\w./-]+\.go \d+): (.*)$/su;
const GO_LOG = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (.*)$/su;

const iso = (time: string): string => time.replaceAll('/', '-').replace(' ', 'T').replace(',', '.');

export const bracketed = defineLineFormat({
  id: 'bracketed',
  kind: 'message',
  read(line) {
    const hit = LINE.exec(line) ?? WORD.exec(line);
    if (hit !== null) {
      const [, time, word = '', text = ''] = hit;
      const level = levelOf(word);
      const calico = CALICO_FILE.exec(text);
      return {
        rest: plainQuotes(calico?.[2] ?? text),
        ...(time === undefined ? {} : { time: iso(time) }),
        ...(level === undefined ? {} : { level }),
        ...(calico?.[1] === undefined ? {} : { sourceFile: calico[1].replace(' ', ':') }),
        ...(word === 'FATAL' || word === 'PANIC' ? { terminal: 'bracket-fatal' as const } : {}),
      };
    }
    // Go's standard logger writes no level.
    const go = GO_LOG.exec(line);
    if (go !== null) return { rest: plainQuotes(go[2] ?? ''), time: iso(go[1] ?? '') };
    return undefined;
  },
});
