/** Which verdict comes first among equally sure ones, and what is asked beside it. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { Diagnosis } from '../../src/diagnose/types.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { clients } from '../../src/model/clients/index.ts';

async function diagnosisOf(text: string): Promise<Diagnosis> {
  const signatures = causes.flatMap((cause) => cause.signatures ?? []);
  const snapshot = await readEvidence([{ kind: 'text', name: 'text', text: Buffer.from(text) }], signatures, {
    now: '2026-01-01T00:00:00Z',
  });
  return diagnose(snapshot, { causes, clients });
}

describe('order of verdicts', () => {
  test('what ended the process comes before a complaint on the way there', async () => {
    const { verdicts } = await diagnosisOf(
      '==> kubelet <==\nE0101 10:00:00.100000    70 file.go:76] Unable to read manifest path: unable to create inotify: inotify_init: too many open files\nF0101 10:00:00.200000    70 server.go:273] failed to run Kubelet: misconfiguration: kubelet cgroup driver: "cgroupfs" is different from docker cgroup driver: "systemd"\n',
    );
    expect(verdicts.map((v) => v.cause)).toEqual(['cgroup-driver-mismatch', 'inotify-limits']);
  });
});

describe('what to look at next', () => {
  test('a likely cause leaves the question that tells it from its look-alikes', async () => {
    const { verdicts, next } = await diagnosisOf('kernel: UDP: bad checksum. From 192.0.2.4:51234 to 192.0.2.5:8472 ulen 118\n');
    expect(verdicts[0]?.cause).toBe('vxlan-checksum-offload');
    expect(verdicts[0]?.certainty).toBe('likely');
    expect(next.length).toBeGreaterThan(0);
    expect(next[0]?.command).toMatch(/tcpdump/u);
  });
});
