#!/bin/sh
# SPDX-License-Identifier: MIT
# Completion scripts parse and complete; the man page is free of warnings.
. "$(dirname "$0")/support.sh"

accepted 'complete -o default -F _undulith undulith' completions bash
cp stdout undulith.bash
if command -v bash >/dev/null 2>&1; then
  bash -n undulith.bash || fail 'the bash completion does not parse'
  # completes <expected> <word>...: the last word is the one being typed
  completes() {
    expected=$1
    shift
    got=$(bash -c '. ./undulith.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _undulith; echo "${COMPREPLY[*]}"' bash "$@")
    [ "$got" = "$expected" ] || fail "bash completion of '$*': '$got', expected '$expected'"
  }
  mkdir -p folder/inner
  completes 'run' undulith ru
  completes 'check compare calibrate converge completions' undulith c
  completes '--force' undulith run --fo
  completes 'auto always' undulith --color a
  completes 'line_space' undulith pattern line
  completes '--threads' undulith --json run --thr
  completes 'folder' undulith run --out fo
  completes '' undulith run job
fi
accepted '#compdef undulith' completions zsh
cp stdout _undulith
if command -v zsh >/dev/null 2>&1; then zsh -n _undulith || fail 'the zsh completion does not parse'; fi

accepted '.TH UNDULITH 1' completions man
cp stdout undulith.1
for command in run check init explain layout pattern materials multilayer verify doctor completions; do
  grep -q "^\.SS undulith $command" undulith.1 || fail "the man page lacks $command"
done
if command -v man >/dev/null 2>&1 && command -v groff >/dev/null 2>&1; then
  LC_ALL=C.UTF-8 MANROFFSEQ= man --warnings -E UTF-8 -l -Tutf8 -Z ./undulith.1 >/dev/null 2>man.warnings || true
  [ ! -s man.warnings ] || fail "man --warnings: $(cat man.warnings)"
fi
finish
