#!/bin/sh
# SPDX-License-Identifier: MIT
# Words that plain technical English avoids, in what users read of the product: check_literals.sh [ROOT]
#
# Searches the string literals of src/ and include/ (messages, help, documentation of keys), and whole lines of the example
# jobs and of the scripts that users run. The pages of the documentation: check_words.sh.
set -eu
cd "${1:-$(dirname "$0")/../..}"
words='mend|mends|mended|alike|lit|told|tell|tells|idle|seeming|seemingly|knob|knobs|one a'
sources=$(find include src \( -name '*.hpp' -o -name '*.cpp' -o -name '*.in' \) -type f | LC_ALL=C sort)
[ -n "$sources" ] || { echo "no source found"; exit 1; }
texts=$(find examples -name '*.toml' -type f 2>/dev/null | LC_ALL=C sort)
for script in run.sh test.sh bench.sh cmake/setup.sh; do
  if [ -f "$script" ]; then texts="$texts $script"; fi
done
# shellcheck disable=SC2086
awk -v words="$words" -v separator="'" '
  # The text of the literals of a line; the state of a raw literal or of a block comment goes on to the next line.
  function literals(line,    text, token, before, rest, at) {
    text = ""
    while (line != "") {
      if (raw) {
        at = index(line, ending)
        if (at == 0) return text " " line
        text = text " " substr(line, 1, at - 1)
        line = substr(line, at + length(ending))
        raw = 0
        continue
      }
      if (block) {
        at = index(line, "*/")
        if (at == 0) return text
        line = substr(line, at + 2)
        block = 0
        continue
      }
      if (!match(line, "//|/[*]|R\"[^( ]*[(]|\"|" separator)) return text
      token = substr(line, RSTART, RLENGTH)
      before = RSTART > 1 ? substr(line, RSTART - 1, 1) : ""
      rest = substr(line, RSTART + RLENGTH)
      if (token == "//") return text
      if (token == "/*") {
        block = 1
        line = rest
      } else if (token ~ /^R/) {
        ending = ")" substr(token, 3, length(token) - 3) "\""
        raw = 1
        line = rest
      } else if (token == separator) {
        # A character, unless it separates digits (100 000).
        if (before !~ /[0-9A-Fa-f]/ && match(rest, "^([\\\\].[^" separator "]*|[^\\\\])" separator)) rest = substr(rest, RLENGTH + 1)
        line = rest
      } else {
        if (!match(rest, /^([^"\\]|\\.)*"/)) return text
        text = text " " substr(rest, 1, RLENGTH - 1)
        line = substr(rest, RLENGTH + 1)
      }
    }
    return text
  }
  FNR == 1 {
    raw = 0
    block = 0
    code = FILENAME ~ /\.(hpp|cpp|in)$/
  }
  {
    text = $0
    if (code) text = !raw && !block && /^[ \t]*#[ \t]*include/ ? "" : literals($0)
    if (text == "") next
    low = tolower(text)
    gsub(/\\n/, " ", low)
    gsub(/[^a-z0-9_ \t]+/, " . ", low)
    gsub(/[ \t]+/, " ", low)
    if (match(" " low " ", " (" words ") ")) {
      printf "%s:%d: a word to avoid (\"%s\"): %s\n", FILENAME, FNR, substr(" " low " ", RSTART + 1, RLENGTH - 2), text
      bad = 1
    }
  }
  END { exit bad }' $sources $texts
