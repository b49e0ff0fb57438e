#pragma once

#include "app/commands.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace vt::app {

/// What `virtuoso setup` is told.
struct SetupOptions {
    ConfigOptions config;  ///< its flags are written into the file
    bool is_public = false;
    std::vector<std::string> names;  ///< under which the pages are asked for; empty: this machine's
    std::string certificate_file;    ///< a given one, with key_file
    std::string key_file;
    bool self_signed = false;
    bool plain_http = false;
    std::string user = "admin";  ///< of the first admin
    std::string password_file;   ///< as LoginOptions'
    bool new_token = false;
    bool no_input = false;
    bool as_json = false;
};

/// The first configuration: the file, the first admin and, with `is_public`, what it takes to be reached from other
/// machines. What is there already stays; a second run changes nothing that it is not told to.
[[nodiscard]] Exit setup(const SetupOptions& options);

/// The flags of `virtuoso setup`, beside those of the configuration.
void add_setup_flags(CLI::App& command, SetupOptions& options);

}  // namespace vt::app
