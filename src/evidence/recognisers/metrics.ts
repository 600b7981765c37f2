import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';
import { sourceOf } from '../pieces/piece.ts';

const BUCKET = /^(etcd_disk_(?:wal_fsync|backend_commit)_duration_seconds)_bucket\{(?:[^}]*,)?le="([^"]+)"[^}]*\} +([\d.e+]+)/u;

/**
 * Metrics in the text form of Prometheus: of etcd's histogram of fsync the time that 99 of 100 calls stay below. etcd wants 10 ms.
 * Source: prometheus.io, exposition formats; etcd.io, tuning and hardware.
 */
export const prometheusMetrics = defineRecogniser({
  id: 'prometheus-metrics',
  title: { en: 'metrics (Prometheus)', zh: '指标（Prometheus）' },
  commands: (c) => c.words.some((w) => /\/metrics(?:$|\?)/u.test(w)),
  look: (lines) => fitting(lines, /^(?:# (?:HELP|TYPE) [a-z_:]+ |[a-z_:][\w:]*_(?:bucket|sum|count|total)(?:\{[^}]*\})? [\d.e+]+$)/u) >= 2,
  read(piece, facts) {
    const buckets: { readonly below: number; readonly count: number; readonly at: number }[] = [];
    const understood = eachLine(piece, (line, i) => {
      const hit = BUCKET.exec(line);
      if (hit?.[1]?.includes('wal_fsync') === true)
        buckets.push({ below: hit[2] === '+Inf' ? Infinity : Number(hit[2]), count: Number(hit[3]), at: i });
      return /^(?:# (?:HELP|TYPE) |[a-z_:][\w:]*(?:\{[^}]*\})? [-+\d.eINanf]+$)/u.test(line);
    });
    const all = Math.max(0, ...buckets.map((b) => b.count));
    const first = buckets.find((b) => b.count >= 0.99 * all);
    if (first !== undefined && all >= 100 && piece.where.kind === 'host') {
      // The slowest bucket says only that it took longer than the one before.
      const seconds = first.below === Infinity ? Math.max(0, ...buckets.map((b) => (b.below === Infinity ? 0 : b.below))) : first.below;
      facts.observe('disk.fsync-p99-ms', Math.round(seconds * 1000), sourceOf(piece, first.at));
    }
    return understood;
  },
});
