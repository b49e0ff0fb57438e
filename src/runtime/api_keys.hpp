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
/// stays.
class ApiKeys {
public:
    explicit ApiKeys(std::vector<SiteToCheck> sites) : sites_(std::move(sites)) {}

    /// Reads the keys again, files and all, and asks the venues about them. A venue whose variables are unset has no
    /// key from then on.
    ///   in:  `environment`: the variables of config::credential_variable_names() that are set
    ///   out: what was found of each site; where a key was refused while another is in use, what was found of that
    ///   one
    ///        behind it
    [[nodiscard]] std::vector<Check> reload(const std::map<std::string, std::string>& environment);
    /// nullptr: none is in use. Valid until the next reload().
    [[nodiscard]] const exchange::Credentials* of(market::Venue venue) const;

private:
    void reload_venue(market::Venue venue, const std::map<std::string, std::string>& environment,
                      std::vector<Check>& checks);

    std::vector<SiteToCheck> sites_;
    std::map<market::Venue, exchange::Credentials> in_use_;
};

}  // namespace vt::runtime
