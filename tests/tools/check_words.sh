#!/bin/sh
# SPDX-License-Identifier: MIT
# Words that plain technical English avoids (docs/development/style.md, section "Language"): check_words.sh [ROOT]
#
# Searches the pages of the documentation, without code and names in backticks.
set -eu
cd "${1:-$(dirname "$0")/../..}"
words='mend|mends|mended|alike|lit|told|tell|tells|idle|seeming|seemingly|knob|knobs'
pages=$(find . -name '*.md' -not -path './build*' -not -path './results*' -not -path './.git/*' \
  -not -path './docs/development/style.md' | LC_ALL=C sort)
[ -n "$pages" ] || { echo "no page found"; exit 1; }
# shellcheck disable=SC2086
awk -v words="$words" '
  /^```/ { quoted = !quoted }
  FNR == 1 { quoted = 0 }
  quoted || /^    / { next }
  {
    text = tolower($0)
    gsub(/`[^`]*`/, "", text)
    gsub(/[^a-z]+/, " ", text)
    if (match(" " text " ", " (" words ") ") || match(" " text " ", / (one|two|three) a (job|wavelength|curve|cell|mask|line|column|dose|test) /)) {
      printf "%s:%d: a word to avoid: %s\n", FILENAME, FNR, $0
      bad = 1
    }
  }
  END { exit bad }' $pages
