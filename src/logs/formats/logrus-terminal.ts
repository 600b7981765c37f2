import { defineLineFormat, levelOf, plainQuotes } from '../line-format.ts';

const LINE = /^(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[([^\]]{1,40})\] ?(.*)$/su;

/**
 * logrus on a terminal: "INFO[0012] text key=value"; the number counts seconds since the start, kubekey and others put a clock there.
 * Source: sirupsen/logrus text_formatter.go (printColored).
 */
export const logrusTerminal = defineLineFormat({
  id: 'logrus-terminal',
  kind: 'message',
  read(line) {
    const hit = LINE.exec(line);
    if (hit === null) return undefined;
    const [, word = '', , text = ''] = hit;
    const level = levelOf(word);
    return {
      rest: plainQuotes(text).trimEnd(),
      ...(level === undefined ? {} : { level }),
      ...(word === 'FATA' || word === 'PANI' ? { terminal: 'logrus-fatal' as const } : {}),
    };
  },
});
