import { describe, expect, test } from 'vitest';
import { makeReport, toJson } from '../../src/report/report-json.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { LANGUAGES } from '../../src/shared/language.ts';
import { widthOf } from '../../src/shared/text-width.ts';
import { diagnosis, node } from './_fixture.ts';

const pieces = [{ name: 'ip-addr.txt', takenFor: 'ip-address', lines: 12, notUnderstood: 2 }];
const report = makeReport(diagnosis, { language: 'en', node, pieces });

// eslint-disable-next-line no-control-regex -- the point of the test
const DRIVES_A_TERMINAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

describe('the JSON report', () => {
  test('is what its schema says', () => {
    expect(reportSchema.parse(report)).toEqual(report);
  });

  test('is one line that survives a round trip, and drives no terminal', () => {
    const json = toJson(report);
    expect(json.trimEnd()).not.toMatch(DRIVES_A_TERMINAL);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('names places so that a person finds the line', () => {
    expect(report.verdicts[0]?.chain[0]).toEqual({
      text: 'the hosts file gives ::1',
      source: '/etc/hosts:1',
      quote: '::1         localhost localhost.localdomain',
    });
    expect(report.notChecked[0]).toEqual({ what: '/etc/gai.conf is too large', source: 'kubelet:/etc/gai.conf' });
  });

  test('has the smallest remedy first, with the commands and the way back', () => {
    const [first] = report.verdicts[0]?.remedies ?? [];
    expect(first?.id).toBe('name-on-ipv4-line');
    expect(first?.commands[0]).toContain('cp -p /etc/hosts');
    expect(first?.undo[0]).toContain('>/etc/hosts');
  });

  test('speaks Chinese, and its ids stay', () => {
    const chinese = makeReport(diagnosis, { language: 'zh', node });
    expect(chinese.verdicts[0]).toMatchObject({ cause: report.verdicts[0]?.cause, summary: '/etc/hosts 第 1 行是 localhost 的唯一一行。' });
  });
});

describe('the terminal report', () => {
  test('puts the verdict first, then why, then the fix, then the rest', () => {
    const text = renderTerminal(report, { language: 'en', width: 100, colour: false });
    const order = [
      'PROVED',
      '/etc/hosts:1: ::1',
      'Proof:',
      'Smallest fix',
      'getent ahosts localhost',
      'Other ways',
      'Not decided',
      'Ruled out',
      'Could not be checked',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).toMatchSnapshot();
  });

  test('in Chinese', () => {
    const text = renderTerminal(makeReport(diagnosis, { language: 'zh', node, pieces }), { language: 'zh', width: 100, colour: false });
    expect(text).toMatchSnapshot();
  });

  test.each(LANGUAGES)('%s: prose keeps to the width, and only what is to be copied goes beyond', (language) => {
    const copied = /^ *(?:\S+ +)?\$ |\[|: /u;
    for (const width of [56, 64, 80]) {
      const text = renderTerminal(makeReport(diagnosis, { language, node }), { language, width, colour: false });
      const long = text.split('\n').filter((line) => widthOf(line) > width && !copied.test(line));
      expect(long).toEqual([]);
    }
  });

  test.each(LANGUAGES)('%s: nothing hostile comes through', (language) => {
    const text = renderTerminal(makeReport(diagnosis, { language, node }), { language, width: 100, colour: false });
    expect(text.replaceAll('\n', '')).not.toMatch(DRIVES_A_TERMINAL);
    expect(text).toContain('\u241b]0;owned');
  });

  test('has colour only when asked', () => {
    expect(renderTerminal(report, { language: 'en', width: 100, colour: true })).toContain('\u001b[31m');
  });

  test('says that nothing was found, or that it could not tell', () => {
    const nothing = { ...diagnosis, verdicts: [], undecided: [], troubled: false };
    expect(renderTerminal(makeReport(nothing, { language: 'en' }), { language: 'en', width: 80, colour: false })).toMatch(
      /^Nothing wrong was found/u,
    );
    const unsure = { ...diagnosis, verdicts: [] };
    expect(renderTerminal(makeReport(unsure, { language: 'zh' }), { language: 'zh', width: 80, colour: false })).toMatch(/^无法判断/u);
  });

  test('shows the failures that no cause explains', () => {
    const page = renderTerminal(makeReport({ ...diagnosis, verdicts: [] }, { language: 'en' }), {
      language: 'en',
      width: 80,
      colour: false,
    });
    expect(page).toContain('dial-failed, 3 times');
    expect(page).toContain('/var/log/containers/kube-apiserver.log:17');
  });
});
