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

describe('a guess by words', () => {
  const saysGuess = (one: Diagnosis['verdicts'][number] | undefined): boolean =>
    one?.evidence.some(({ said }) => said.text.en.startsWith('What is told comes closest')) === true;

  test('stands in where no rule understands what is told, is possible at most and says what it rests on', async () => {
    const { verdicts } = await diagnosisOf(
      '==> facts <==\nwhat helped: freeing the inodes of the partition that holds the images\nscreen: purple\n',
    );
    expect(verdicts[0]?.cause).toBe('disk-full');
    expect(verdicts[0]?.certainty).toBe('possible');
  });

  test('is made from lines alone only where they complain', async () => {
    const quiet = await diagnosisOf('etcd database space quota alarm NOSPACE defrag compaction were all checked, and all is well\n');
    expect(quiet.verdicts).toEqual([]);
  });

  test('is none where a rule is sure', async () => {
    const { verdicts } = await diagnosisOf(
      'etcdserver: mvcc: database space exceeded\n\n==> facts <==\ntime: the clock of the machine is late, ntp is off\n',
    );
    expect(verdicts.some((v) => v.certainty !== 'possible')).toBe(true);
    expect(verdicts.some(saysGuess)).toBe(false);
  });

  test('orders what rules hold possible: the words of both causes stand there, those of one stand thick', async () => {
    const { verdicts } = await diagnosisOf(
      '==> facts <==\nobservation: pods of other nodes time out\nUDP 8472: not open in the firewall between the nodes\nencapsulated packets: leave and never arrive\n',
    );
    expect(verdicts[0]?.cause).toBe('vxlan-udp-blocked');
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
