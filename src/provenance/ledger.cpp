// SPDX-License-Identifier: MIT
#include "undulith/provenance/ledger.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <thread>

#include "provenance/json_document.hpp"
#include "undulith/core/error.hpp"
#include "undulith/core/printable.hpp"
#include "undulith/io/bytes.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/journal.hpp"
#include "undulith/provenance/time.hpp"

namespace undulith::provenance {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFirstLine = R"({"format":"undulith ledger 1"})";
constexpr std::chrono::milliseconds kPause{100};
constexpr const char* kSignatureMember = R"(,"signature":")";

// What is signed: the entry without its signature.
std::string unsigned_text(const LedgerEntry& entry, const io::Sha256& previous) {
  const LedgerStatement& said = entry.statement;
  return Json{{"entry", entry.number},       {"previous_sha256", previous.hex()},
              {"step", said.step},           {"party", said.party},
              {"subject", said.subject},     {"sha256", said.sha256.hex()},
              {"made_from", said.made_from}, {"note", said.note},
              {"time_utc", entry.time_utc},  {"public_key", entry.key.hex()}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string with_signature(const std::string& text, const io::Signature& signature) {
  return text.substr(0, text.size() - 1) + kSignatureMember + signature.hex() + "\"}";
}

struct ReadEntry {
  LedgerEntry entry;
  io::Sha256 previous;
  bool is_signed = false;
};

ReadEntry read_entry(const std::string& line, const std::string& name, int number) {
  const JsonValue root = JsonValue::parse(line, name, number);
  root.require_keys({"entry", "previous_sha256", "step", "party", "subject", "sha256", "made_from", "note",
                     "time_utc", "public_key", "signature"});
  ReadEntry out{.entry = {.number = root.at("entry").count(),
                          .statement = {.step = root.at("step").text(),
                                        .party = root.at("party").text(),
                                        .subject = root.at("subject").text(),
                                        .sha256 = root.at("sha256").hash(),
                                        .made_from = {},
                                        .note = root.at("note").text()},
                          .time_utc = root.at("time_utc").text(),
                          .key = {root.at("public_key").bytes<32>()},
                          .line = io::sha256(io::bytes_of(line))},
                .previous = root.at("previous_sha256").hash()};
  for (const JsonValue& item : root.at("made_from").items())
    out.entry.statement.made_from.push_back(item.count());
  const io::Signature signature{root.at("signature").bytes<64>()};
  // A line that is written in another way than ours counts as not signed.
  const std::string text = unsigned_text(out.entry, out.previous);
  out.is_signed =
      with_signature(text, signature) == line && io::verifies(out.entry.key, io::bytes_of(text), signature);
  return out;
}

// Entries as they are checked, one after the other.
class Chain {
 public:
  explicit Chain(const fs::path& path) : path_(path) {}

  void add(ReadEntry read, int line) {
    LedgerEntry& entry = read.entry;
    const std::uint64_t number = ledger.entries.size() + 1;
    if (read.previous != previous_)
      broken(line,
             fmt::format("entry {} does not follow the line above it (a line was changed, removed or moved)",
                         entry.number));
    else if (entry.number != number)
      broken(line, fmt::format("entry {} stands in the place of entry {}", entry.number, number));
    if (!read.is_signed)
      broken(line, fmt::format("entry {} is not signed by the key that it names", entry.number));
    for (const std::uint64_t from : entry.statement.made_from)
      if (from < 1 || from >= number)
        broken(line,
               fmt::format("entry {} is made from entry {}, which is not before it", entry.number, from));
    const auto [known, is_new] = keys_.try_emplace(entry.statement.party, entry.key);
    if (!is_new && known->second != entry.key)
      broken(line, fmt::format("entry {} of {} is signed by another key than the earlier ones", entry.number,
                               entry.statement.party));
    previous_ = entry.line;
    ledger.entries.push_back(std::move(entry));
  }

  Ledger ledger;

 private:
  void broken(int line, const std::string& why) {
    ledger.findings.push_back(
        {Finding::Kind::broken, "ledger", fmt::format("{}:{}: {}", path_.string(), line, why)});
  }

  const fs::path& path_;
  io::Sha256 previous_ = io::sha256(io::bytes_of(kFirstLine));
  std::map<std::string, io::PublicKey> keys_;
};

[[noreturn]] void refuse_other_file(const fs::path& path) {
  throw InputError(fmt::format("{}:1: error: no ledger (the first line of one is {}); name another file",
                               path.string(), kFirstLine));
}

// The lines as they are, so that a last one which breaks off is noticed.
Ledger ledger_of(const std::string& text, const fs::path& path) {
  if (text.empty()) refuse_other_file(path);
  Chain chain(path);
  int line = 0;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = text.find('\n', at);
    const bool breaks_off = end == std::string::npos;
    const std::string one = text.substr(at, end - at);
    at = breaks_off ? text.size() : end + 1;
    if (line == 0 && one != kFirstLine) refuse_other_file(path);
    if (breaks_off)
      throw InputError(
          fmt::format("{}:{}: error: the last line breaks off (the file was shortened, or a writer was "
                      "stopped); restore the file, or remove what is left of the line",
                      path.string(), line + 1));
    if (line > 0) chain.add(read_entry(one, path.string(), line + 1), line + 1);
  }
  return std::move(chain.ledger);
}

// What is no ledger is not touched, nor one whose last line breaks off, unless another writer is within that line.
void require_ledger(const fs::path& path) {
  constexpr int kTries = 10;
  std::error_code ignored;
  for (int i = 0; fs::exists(path, ignored); ++i) {
    const std::string text = io::read_text(path);
    if (text.empty()) return;  // a first entry that was not written
    if (text.back() == '\n' || i + 1 == kTries) {
      static_cast<void>(ledger_of(text, path));
      return;
    }
    std::this_thread::sleep_for(kPause);
  }
}

// Whoever holds the file writes one entry: there is hope that it is free soon.
io::Journal open_when_free(const fs::path& path) {
  constexpr int kTries = 100;
  for (int i = 0;; ++i) {
    require_ledger(path);
    try {
      return {path, kFirstLine};
    } catch (const InputError&) {
      if (i + 1 == kTries) throw;
    }
    std::this_thread::sleep_for(kPause);
  }
}

void require_statement(const Ledger& ledger, const LedgerStatement& statement, const io::PublicKey& key) {
  for (const auto& [name, text] : {std::pair("--step", &statement.step), {"--party", &statement.party}})
    if (text->empty()) throw InputError(fmt::format("{} is empty (an entry needs it); name it", name));
  for (const std::string* text : {&statement.step, &statement.party, &statement.subject, &statement.note})
    if (!is_utf8(*text))
      throw InputError(fmt::format("{} (an entry is UTF-8); write it in that encoding", printable(*text)));
  for (const std::uint64_t from : statement.made_from)
    if (from < 1 || from > ledger.entries.size())
      throw InputError(fmt::format("--made-from {} (the ledger has entries 1 to {}); name one of them", from,
                                   ledger.entries.size()));
  for (const LedgerEntry& entry : ledger.entries)
    if (entry.statement.party == statement.party && entry.key != key)
      throw InputError(fmt::format(
          "{} has signed entry {} with another key (a party keeps its key in a ledger); use that key, or "
          "another name for the party",
          statement.party, entry.number));
}

}  // namespace

bool Ledger::is_whole() const {
  return first_broken(findings) == nullptr;
}

io::Sha256 Ledger::head() const {
  return entries.empty() ? io::sha256(io::bytes_of(kFirstLine)) : entries.back().line;
}

Ledger read_ledger(const fs::path& path) {
  return ledger_of(io::read_text(path), path);
}

LedgerEntry add_to_ledger(const fs::path& path, const LedgerStatement& statement, const io::SigningKey& key) {
  io::Journal journal = open_when_free(path);
  const Ledger ledger = read_ledger(path);
  if (const Finding* fault = first_broken(ledger.findings))
    throw InputError(fault->text + "; nothing is added to a ledger that is not whole: restore it");
  require_statement(ledger, statement, key.public_key());
  LedgerEntry entry{.number = ledger.entries.size() + 1,
                    .statement = statement,
                    .time_utc = utc_now(),
                    .key = key.public_key(),
                    .line = {}};
  const std::string text = unsigned_text(entry, ledger.head());
  const std::string line = with_signature(text, key.sign(io::bytes_of(text)));
  entry.line = io::sha256(io::bytes_of(line));
  journal.append(line);
  return entry;
}

}  // namespace undulith::provenance
