/**
 * Facts of the machine this process runs on and of every container found on it. Nothing here judges, and nothing writes.
 *
 *   round 1   processes and namespaces; the host's own view and network; beside it the host's programs and the engine's names
 *   round 2   each other view and network namespace, in two shells side by side
 *   then      sockets of name services are asked whether somebody is there
 */
import { NOT_COLLECTED, known } from '../facts/fact.ts';
import type { NodeFacts, Problem } from '../facts/node-facts.ts';
import { parseOsRelease } from '../facts/parse/os-release.ts';
import { CulpritError } from '../shared/culprit-error.ts';
import { SNAPSHOT_SCHEMA, type Snapshot } from '../snapshot/snapshot.ts';
import { localTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import { assembleViews } from './assemble-views.ts';
import { chooseViews, MAX_VIEWS } from './collectors/choose-views.ts';
import { findDaemons } from './collectors/daemons.ts';
import { askCri } from './collectors/cri-runtime.ts';
import { askEngine, type EngineAnswer, type EngineContainer } from './collectors/docker-engine.ts';
import { readHostPrograms } from './collectors/host-programs.ts';
import { readLogs } from './collectors/logs.ts';
import { readKernel, readObservations, readProducts } from './collectors/node.ts';
import { askEngineInfo } from './collectors/docker-info.ts';
import { readSurvey } from './collectors/processes.ts';
import { readSystem } from './collectors/system/system.ts';
import { mountinfosOf } from './assemble-views.ts';
import { programsRound, surveyRound, systemRound, viewsRound } from './rounds.ts';

export interface CollectOptions {
  /** What the report calls the machine; default: what the transport calls it. */
  readonly target?: string;
  /** Names, ids, prefixes of ids, pod names or pids of the containers to look at; absent or empty: all. The host is always looked at. */
  readonly containers?: readonly string[];
  /** Names in question. They are asked from name servers later, when the model knows which questions decide: see ask.ts. */
  readonly names?: readonly string[];
  readonly transport?: Transport;
}

const NO_ENGINE: EngineAnswer = { containers: [], socket: '', problems: [] };

/** Where an engine keeps the output of its containers, unless it was told otherwise. */
const ENGINE_ROOT = '/var/lib/docker';

/** Throws CulpritError 'container-not-found' for a word of `containers` that means none. */
export async function collectSnapshot(options: CollectOptions = {}): Promise<Snapshot> {
  const transport = options.transport ?? localTransport();
  const local = transport.kind === 'local';
  const programs = programsRound(transport);
  const engineAnswer = local ? askEngine() : Promise.resolve(NO_ENGINE);
  const engineInfo = local ? askEngineInfo() : Promise.resolve({});
  const started = Date.now() / 1000;
  const systemRun = systemRound(transport);
  const first = await surveyRound(transport);
  const survey = readSurvey(first.records);
  const all = chooseViews(survey);
  const candidates = all.slice(0, MAX_VIEWS);
  const daemons = findDaemons(survey);
  const [second, engine, cri, { logs, problems: logProblems }] = await Promise.all([
    viewsRound({ transport, survey, candidates, daemons }),
    engineAnswer,
    askCri(transport, survey),
    engineAnswer.then((answer) => readLogs(transport, answer.containers, ENGINE_ROOT)),
  ]);
  const [programRun, system] = await Promise.all([programs, systemRun]);
  const assembled = await assembleViews({
    transport,
    survey,
    candidates,
    daemons,
    engine: [...cri.containers, ...engine.containers],
    first: first.records,
    second: second.records,
    hostPrograms: readHostPrograms(programRun.records),
    wanted: options.containers ?? [],
  });
  const [missing] = assembled.unknown;
  if (missing !== undefined) throw noSuchContainer(missing, [...engine.containers, ...cri.containers], assembled.views.length - 1);

  const problems: Problem[] = [
    ...first.problems,
    ...second.problems,
    ...programRun.problems,
    ...system.problems,
    ...logProblems,
    ...engine.problems,
    ...cri.problems,
    ...assembled.problems,
  ];
  if (all.length > MAX_VIEWS)
    problems.push({ source: { kind: 'probe', probe: 'containers' }, reason: 'too-large', detail: `${String(all.length)} views` });
  if (survey.unreadable > 0 && survey.uid !== 0) {
    problems.push({
      source: { kind: 'probe', probe: 'namespaces of processes' },
      reason: 'permission',
      detail: `${String(survey.unreadable)} processes`,
    });
  }
  const [hostView] = assembled.views;
  const osRelease = hostView?.files['/etc/os-release'] ?? NOT_COLLECTED;
  const records = [...first.records, ...second.records];
  const node: NodeFacts = {
    hostname: hostView?.hostname ?? NOT_COLLECTED,
    ...readKernel(first.records),
    osRelease: osRelease.state === 'known' ? known(parseOsRelease(osRelease.value.text), osRelease.source) : osRelease,
    products: readProducts(first.records, engine.containers),
    netns: assembled.netns.map((r) => r.facts),
    views: assembled.views,
    daemons: assembled.daemons,
    dns: [],
    runs: [],
    dials: [],
    logs,
    observations: readSystem({
      before: readObservations(records, survey),
      system: system.records,
      first: first.records,
      second: second.records,
      survey,
      mounts: mountinfosOf(first.records).get('self') ?? [],
      netns: assembled.netns.find((r) => r.facts.id === 'host')?.facts,
      engine: await engineInfo,
      containers: engine.containers,
      ...(transport.kind === 'ssh' ? { reference: started } : {}),
    }),
    problems,
  };
  return {
    schema: SNAPSHOT_SCHEMA,
    takenAt: new Date().toISOString(),
    target: options.target ?? transport.target,
    fromEvidence: false,
    node,
    symptoms: [],
  };
}

function noSuchContainer(word: string, told: readonly EngineContainer[], seen: number): CulpritError {
  const stopped = told.find((c) => !c.running && (c.names.includes(word) || (word.length >= 4 && c.id.startsWith(word))));
  if (stopped !== undefined) {
    return new CulpritError(
      'container-not-running',
      {
        en: 'Container {word} is there but does not run: start it, or leave --container out.',
        zh: '容器 {word} 存在但未运行：请先启动它，或去掉 --container。',
      },
      { word },
    );
  }
  return new CulpritError(
    'container-not-found',
    {
      en: 'No running container is called {word} ({seen} were looked at). A name, an id, the start of an id, a pod name or a process id will do; root is needed to see containers.',
      zh: '没有名为 {word} 的运行中容器（共检查了 {seen} 个）。可以使用名称、ID、ID 前缀、Pod 名称或进程号；查看容器需要 root 权限。',
    },
    { word, seen },
  );
}
