// The environment of a program that runs with secrets, for every surface that starts one.

/**
 * Names that shells, language runtimes, package managers, version control and TLS libraries read. Their values run code or
 * redirect traffic, so the writer of a secret must not choose them by its path. No list is complete: an operator who
 * needs such a name writes it down.
 */
const interpreted =
  /^(?:PATH|IFS|ENV|HOME|SHELL|SHELLOPTS|CDPATH|TMPDIR|EDITOR|VISUAL|PAGER|BROWSER|CLASSPATH|PROMPT_COMMAND|PS[0-4]|BASH.*|ZDOTDIR|LESS(?:OPEN|CLOSE)?|NODE_.*|NPM_.*|YARN_.*|PNPM_.*|COREPACK_.*|DENO_.*|BUN_.*|TSX_.*|GIT_.*|SSH_.*|GPG_.*|GNUPGHOME|PYTHON.*|PIP_.*|VIRTUAL_ENV|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|.*JAVA.*|JDK_.*|JVM_.*|MAVEN_.*|GRADLE_.*|GO(?:FLAGS|ROOT|PATH|PROXY|ENV|DEBUG|TOOLCHAIN|SUMDB|PRIVATE|NOSUMDB|INSECURE)|CGO_.*|RUST.*|CARGO_.*|PHP.*|LUA_.*|TCLLIBPATH|R_.*|DOTNET_.*|COR_.*|CORECLR_.*|COMPLUS_.*|LD_.*|DYLD_.*|GLIBC_.*|MALLOC_.*|GCONV_PATH|LOCPATH|NLSPATH|HOSTALIASES|RES_OPTIONS|.*_PROXY|SSL.*|OPENSSL_.*|CURL_.*|WGETRC|REQUESTS_CA_BUNDLE|.*_CA_BUNDLE|KUBECONFIG|DOCKER_.*|TERM(?:INFO|INFO_DIRS|CAP)?|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|MAKE(?:FLAGS|FILES|LEVEL)|CMAKE_.*|PKG_CONFIG.*)$/i

/** Whether programs do more with a variable of this name than read a value. */
export function isInterpreted(name: string): boolean {
  return interpreted.test(name)
}

/** An environment without our own variables: a token of Pawl must not reach a program that it starts. */
export function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)))
}

export function isOurs(name: string): boolean {
  return /^(?:PAWL|ONECLAW)_/i.test(name)
}
