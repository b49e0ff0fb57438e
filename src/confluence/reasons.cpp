#include "confluence/reasons.hpp"

#include "confluence/wording.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace vt::confluence {
namespace {

struct Share {
    std::string_view name;
    double points = 0;
};

std::string in_words(const Share& share) { return plain(share.name) + " " + points(share.points); }

}  // namespace

std::vector<std::string> reasons(const ScoreRecord& record, std::size_t count) {
    std::vector<Share> shares;
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            const Share share{.name = component.name, .points = contribution_of(part, component)};
            if (std::abs(share.points) >= kSmallestPoints) shares.push_back(share);
        }
    }
    std::stable_sort(shares.begin(), shares.end(),
                     [](const Share& a, const Share& b) { return std::abs(a.points) > std::abs(b.points); });
    if (shares.size() > count) shares.resize(count);
    std::vector<std::string> words;
    words.reserve(shares.size());
    for (const Share& share : shares) words.push_back(in_words(share));
    return words;
}

}  // namespace vt::confluence
