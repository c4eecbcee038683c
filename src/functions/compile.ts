import vm from 'node:vm'

/**
 * The one place where text becomes code. The text is the program's own: functions its author wrote into it, and
 * loops generated around them; never data, never anything from a network.
 *
 * `vm.compileFunction` works under `--disallow-code-generation-from-strings`, where `new Function` does not, and
 * gives stack traces a file name.
 *
 * @param body of a function, usually `return …`
 * @param names of its parameters, `values` their arguments
 */
export function evaluate(
  body: string,
  names: readonly string[],
  values: readonly unknown[],
  filename: string,
): unknown {
  const options: vm.CompileFunctionOptions = {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never,
  }
  return vm.compileFunction(body, names as string[], options)(...values)
}

/**
 * For threads of our own: a user's function may `import()` what it needs, and Node would warn him of the option by which we
 * let it, which he has not chosen.
 */
export function importWithoutWarning(): void {
  const { emitWarning } = process
  const others = (warning: string | Error, ...rest: unknown[]): void => {
    if (String(warning).startsWith('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER ')) return
    Reflect.apply(emitWarning, process, [warning, ...rest])
  }
  process.emitWarning = others as typeof emitWarning
}
