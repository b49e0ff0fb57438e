#pragma once

#include "base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vt::config {

/// The text of a configuration file without its secrets: each becomes what `value_text` shows of it. So do what looks
/// like one in a comment: the value of a key that holds a secret, and a password in an address.
///   errors: configuration: it is no TOML, so that nobody can say where its secrets are
[[nodiscard]] Result<std::string> redacted_text(std::string_view text);

/// A text that was made from `redacted_text(original)`, with the secrets of `original` where it shows "***" as that
/// does.
///   errors: configuration: one of the two is no TOML; a "***" that stands for nothing in `original`, with its key
[[nodiscard]] Result<std::string> with_secrets_of(std::string_view text, std::string_view original);

/// A change of one key: the value as it stands in a file, or absent: the key goes, and its default holds.
using FileChanges = std::map<std::string, std::optional<std::string>, std::less<>>;

/// The text with these values, its comments and its order as they were; a new key goes below its table's header.
///   errors: configuration: it is no TOML, or is written in a way (one-line tables, say) that only a hand can change
[[nodiscard]] Result<std::string> with_changes(std::string_view text, const FileChanges& changes);

}  // namespace vt::config
