import type { Reporter, TestModule } from 'vitest/node';

/** Says the result in one plain line, the last of all: `N passed, M failed, K skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const reasons: string[] = [];
    for (const module of modules) {
      // A file that cannot even be loaded has no tests to count.
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') count.passed++;
        else if (state === 'failed') count.failed++;
        else {
          count.skipped++;
          reasons.push(`skipped: ${module.relativeModuleId} > ${test.fullName}`);
        }
      }
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.failed++;
    }
    count.failed += errors.length;
    // After the default reporter's own summary, which is written in the same turn.
    setImmediate(() => {
      const skipped = count.skipped === 0 ? '' : `, ${String(count.skipped)} skipped`;
      process.stdout.write(
        `${reasons.map((r) => `${r}\n`).join('')}${String(count.passed)} passed, ${String(count.failed)} failed${skipped}\n`,
      );
    });
  }
}
