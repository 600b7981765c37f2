import js from '@eslint/js';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

// Parsers read hostile text, where NBSP and BOM are not white space as `\s` would have it.
const asciiWhiteSpaceOnly = {
  selector: 'Literal[regex.pattern=/\\\\s/i]',
  message: 'Use [ \\t] (or say which white space is meant): \\s matches NBSP and BOM, which no parser of these files does.',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.cache/', 'coverage/', 'docs/'] },
  js.configs.recommended,
  regexp.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A log line or a fact often holds numbers; `${n}` is what is meant.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      // The interface of a seam is async where one implementation is.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // Over code points is what is meant wherever a text is taken apart here.
      '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }, 'string'] }],
      // Index signatures of the environment and of facts are asked by name on purpose.
      '@typescript-eslint/dot-notation': 'off',
      // `||` is right where an empty string counts as unset.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' }],
    },
  },
  {
    // Catastrophic patterns are what a hostile log waits for.
    files: ['src/**/*.ts', 'test/**/*.ts'],
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      // Branches that share a beginning are how lists of messages are written; only ones that can never match are mistakes.
      'regexp/no-dupe-disjunctions': ['error', { report: 'trivial' }],
    },
  },
  {
    files: ['src/{facts,model,collect,evidence,logs,snapshot,causes}/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', asciiWhiteSpaceOnly, { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Configurations and what a tool loads by its default export.
    files: ['*.config.ts', '*.config.js', 'test/support/closing-line.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        module: 'writable',
        require: 'readonly',
        setTimeout: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
);
