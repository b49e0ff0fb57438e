#pragma once

#include "exchange/signature.hpp"
#include "market/instrument.hpp"
#include "runtime/doctor.hpp"

#include <map>
#include <string>
#include <vector>

namespace vt::runtime {

/// The API keys in use, one for each venue at most. A key is taken into use when the venue has said what it may do,
/// on each of the venue's sites that are followed, and nothing of that is refused; until then the one before it
/// stays, unless the venue refuses that one, too. Whoever is asked again and refuses the key in use ends its use.
class ApiKeys {
public:
    /// in: `is_stopping` ends the waiting for answers: the keys in use stay as they are then
    explicit ApiKeys(std::vector<SiteToCheck> sites, StopCheck is_stopping = {})
        : sites_(std::move(sites)), is_stopping_(std::move(is_stopping)) {}

    /// Reads the keys again, files and all, and asks the venues about them. A venue whose variables are unset has no
    /// key from then on.
    ///   in:  `environment`: the variables of config::credential_variable_names() that are set
    ///   out: what was found of each site; where a key was refused while another is in use, what was found of that
    ///        one behind it
    [[nodiscard]] std::vector<Check> reload(const std::map<std::string, std::string>& environment);
    /// nullptr: none is in use. Valid until the next reload().
    [[nodiscard]] const exchange::Credentials* of(market::Venue venue) const;

private:
    void reload_venue(market::Venue venue, const std::map<std::string, std::string>& environment,
                      std::vector<Check>& checks);
    /// The worst that a site of the venue says.
    [[nodiscard]] KeyStanding ask(market::Venue venue, const exchange::Credentials& credentials,
                                  std::vector<Check>& checks) const;

    std::vector<SiteToCheck> sites_;
    StopCheck is_stopping_;
    std::map<market::Venue, exchange::Credentials> in_use_;
};

}  // namespace vt::runtime
