#pragma once

#include "api/configuration.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "config/versioned_file.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

struct LiveConfigurationParams {
    std::string file;
    /// Everything merged and checked as a start does it, with this text as the file's (absent: there is none).
    std::function<Result<config::Loaded>(std::optional<std::string> text)> load;
    /// Brings the knobs into effect that can be changed live. Called on the thread that asked, at each reload() also
    /// where no knob has changed: what a file holds that one names may have.
    std::function<void(const config::Config& config)> apply;
    /// Whether this may be in use; absent: everything may. A change after which it might not is refused.
    std::function<Result<void>(const config::Config& config)> check = {};
};

/// The configuration of a running program: what is in use, what the file says, and changes of the file by the API.
/// One thread at a time; it reads and writes a disk.
class LiveConfiguration {
public:
    /// in: started: what the program was started with
    ///     salt: of the tags, so that nobody can guess a secret by the tag that it makes
    LiveConfiguration(LiveConfigurationParams params, config::Loaded started, std::uint64_t salt);

    struct Taken {
        std::vector<std::string> applied;        ///< keys whose new value is in use now
        std::vector<std::string> needs_restart;  ///< keys whose value in use is not the file's
    };
    /// Reads the file again and takes up what can be changed live. A file that is not valid changes nothing.
    ///   errors: those of `load`
    [[nodiscard]] Result<Taken> reload();

    [[nodiscard]] api::ConfigurationAnswer answer(const api::ConfigurationRequest& request);

    [[nodiscard]] const config::Config& in_use() const { return in_use_; }

private:
    [[nodiscard]] std::string shown(const std::optional<std::string>& text) const;
    [[nodiscard]] Result<std::string> changed_text(const std::string& body, const std::string& present) const;
    [[nodiscard]] Result<std::uint32_t> rollback_version(const std::string& body) const;
    [[nodiscard]] api::ConfigurationAnswer difference(std::optional<std::uint32_t> version) const;
    [[nodiscard]] api::ConfigurationAnswer history() const;
    [[nodiscard]] api::ConfigurationAnswer change(const api::ConfigurationRequest& request);
    /// errors: those of `check`
    [[nodiscard]] Result<void> check_taken(const config::Loaded& loaded) const;
    [[nodiscard]] Taken take(const config::Loaded& loaded, bool is_applied_anyway = false);

    LiveConfigurationParams params_;
    config::VersionedFile file_;
    config::Config in_use_;
    config::Loaded loaded_;  ///< of the file as it was read last, and valid
    std::uint64_t salt_;
};

}  // namespace vt::runtime
