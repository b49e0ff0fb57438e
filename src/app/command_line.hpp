#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

/// What can be said of the command line from its own table: nothing here names a subcommand.
namespace vt::app {

/// The nearest command to one that there is not, at whatever depth it was mistyped.
///   in:  words: what was typed behind the program's name
///   out: "config history"; empty: nothing is near, or every word is known
[[nodiscard]] std::string suggestion(const CLI::App& app, const std::vector<std::string>& words);

/// The script that a shell reads to complete subcommands, flags and file names.
///   in: shell: bash, zsh or fish
[[nodiscard]] std::string completion_script(const CLI::App& app, const std::string& shell);

}  // namespace vt::app
