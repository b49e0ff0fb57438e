#include "engine/saved_state.hpp"

#include "base/bytes.hpp"

namespace vt::engine {
namespace {

constexpr std::string_view kMagic = "VTS1";

}  // namespace

void join_saved_states(const std::vector<SavedState>& states, std::string& out) {
    out.append(kMagic);
    for (const SavedState& state : states) {
        append_text<std::uint32_t>(out, state.path_id);
        append_text<std::uint32_t>(out, state.bytes);
    }
}

Result<std::map<std::string, std::string, std::less<>>> split_saved_state(std::string_view bytes) {
    if (!bytes.starts_with(kMagic)) return fail(Errc::unsupported, "this is not a saved analysis state (VTS1)");
    ByteReader in(bytes.substr(kMagic.size()));
    std::map<std::string, std::string, std::less<>> states;
    while (in.remaining() > 0) {
        const std::string_view path_id = in.text<std::uint32_t>();
        const std::string_view state = in.text<std::uint32_t>();
        if (!in.is_intact()) return fail(Errc::malformed, "the saved analysis state is cut short");
        states.emplace(path_id, state);
    }
    return states;
}

Result<std::vector<std::string>> saved_state_parts(std::string_view bytes) {
    VT_TRY(const auto states, split_saved_state(bytes));
    std::vector<std::string> parts;
    for (const auto& [path_id, state] : states) join_saved_states({{path_id, state}}, parts.emplace_back());
    return parts;
}

}  // namespace vt::engine
