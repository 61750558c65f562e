#!/bin/sh
# SPDX-License-Identifier: MIT
# Enforces the sizes of docs/development/style.md: a folder has at most 45 source files, a file at most 500 lines (a
# header 300) and a function at most 80, from the first line of its signature to its closing brace. Prints every breach as file:line and
# exits 1.
#
#   check_sizes.sh [ROOT]     ROOT has include/ and src/; default: the checkout of this script
#
# Functions are found by counting braces. This relies on clang-format, which puts a space before the brace of a block
# and none before the brace of an initialiser that follows a name.
set -eu
root=${1:-$(dirname "$0")/../..}
cd "$root"

find include src -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' \) 2>/dev/null |
  LC_ALL=C sort | xargs awk -v most_files=45 -v most_lines=500 -v most_of_header=300 -v most_of_function=80 '
function breach(where, what, count, most) {
  printf "%s: %s (%d, at most %d)\n", where, what, count, most
  bad = 1
}

function end_of_file(   most) {
  if (file == "") return
  most = file ~ /\.hpp$/ ? most_of_header : most_lines
  if (lines > most) breach(file, "too many lines; split the file", lines, most)
  if (depth != 0 || raw_end != "") {
    printf "%s: its braces do not match; check_sizes.sh cannot read it\n", file
    bad = 1
  }
}

# The line without strings, characters and comments.
function code_of(line,   at, end, name) {
  if (raw_end != "") {
    at = index(line, raw_end)
    if (at == 0) return ""
    line = substr(line, at + length(raw_end))
    raw_end = ""
  }
  if (in_comment) {
    at = index(line, "*/")
    if (at == 0) return ""
    line = substr(line, at + 2)
    in_comment = 0
  }
  gsub(/\047(\\.|[^\047\\])\047/, "0", line)
  while (match(line, /R"[^ ()\\"]*\(/)) {
    at = RSTART
    end = ")" substr(line, RSTART + 2, RLENGTH - 3) "\""
    name = substr(line, at + RLENGTH)
    if (index(name, end) == 0) {
      raw_end = end
      return substr(line, 1, at - 1) "0"
    }
    line = substr(line, 1, at - 1) "0" substr(name, index(name, end) + length(end))
  }
  gsub(/"([^"\\]|\\.)*"/, "0", line)
  gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, " ", line)
  sub(/\/\/.*/, "", line)
  if ((at = index(line, "/*")) > 0) {
    in_comment = 1
    line = substr(line, 1, at - 1)
  }
  return line
}

# The name before the first parenthesis of a signature.
function name_of(text) {
  sub(/[ \t]*\(.*/, "", text)
  sub(/.*[ \t&*]/, "", text)
  return text
}

# kind: "scope" of a namespace or type, whose blocks are functions; "function"; "inner" block of either.
function open_brace(text, adjacent,   kind, bare) {
  kind = "inner"
  if (depth == 0 || kinds[depth] == "scope") {
    bare = text
    sub(/^[ \t]*template[ \t]*<.*>[ \t]*/, "", bare)
    if (adjacent || bare ~ /[=,(][ \t]*$/) kind = "value"
    else if (bare ~ /(^|[ \t])(namespace|class|struct|union|enum|extern)([ \t]|$)/ && bare !~ /\(/) kind = "scope"
    else kind = "function"
  }
  kinds[++depth] = kind
  starts[depth] = first_line
  names[depth] = name_of(text)
}

function close_brace(   length_of) {
  if (depth == 0) return "scope"
  if (kinds[depth] == "function") {
    length_of = FNR - starts[depth] + 1
    if (length_of > most_of_function)
      breach(FILENAME ":" starts[depth], "function " names[depth] " is too long; split it", length_of,
             most_of_function)
  }
  return kinds[depth--]
}

FNR == 1 {
  end_of_file()
  file = FILENAME
  depth = in_comment = in_directive = 0
  raw_end = statement = ""
  folder = FILENAME
  sub(/\/[^\/]*$/, "", folder)
  ++files[folder]
}

{ lines = FNR }

in_directive || (raw_end == "" && !in_comment && /^[ \t]*#/) {
  in_directive = /\\$/
  next
}

{
  rest = code_of($0)
  while (match(rest, /[{};]/)) {
    mark = substr(rest, RSTART, 1)
    piece = substr(rest, 1, RSTART - 1)
    if (statement !~ /[^ \t]/) {
      statement = ""
      if (piece ~ /[^ \t]/) first_line = FNR
    }
    adjacent = piece ~ /[A-Za-z0-9_>\])]$/
    statement = statement piece
    rest = substr(rest, RSTART + 1)
    at_scope = depth == 0 || kinds[depth] == "scope"
    if (mark == "{") {
      open_brace(statement, adjacent)
      if (kinds[depth] != "value") statement = ""
    } else if (mark == "}") {
      if (close_brace() != "value") statement = ""
    } else if (at_scope) statement = ""
  }
  if (statement !~ /[^ \t]/) {
    statement = ""
    if (rest ~ /[^ \t]/) first_line = FNR
  }
  # A label of access is no part of the next signature.
  if (rest ~ /^ *(public|private|protected):[ \t]*$/) rest = ""
  if (depth == 0 || kinds[depth] == "scope") statement = statement rest " "
}

END {
  end_of_file()
  for (folder in files)
    if (files[folder] > most_files)
      breach(folder, "too many source files; split the folder", files[folder], most_files)
  exit bad
}
'
