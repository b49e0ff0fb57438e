#include "report/finding.hpp"

#include <algorithm>

namespace vt::report {

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::passed: return "passed";
        case Verdict::failed: return "failed";
        case Verdict::warning: return "warning";
        case Verdict::information: return "information";
        case Verdict::not_configured: return "not configured";
        case Verdict::not_measured: return "not measured";
    }
    return "not measured";
}

bool is_good(std::span<const Finding> findings) {
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.verdict == Verdict::failed; });
}

void write(JsonWriter& out, std::span<const Finding> findings) {
    out.begin_array();
    for (const Finding& finding : findings) {
        std::string verdict(name(finding.verdict));
        std::replace(verdict.begin(), verdict.end(), ' ', '_');
        out.begin_object()
            .field("name", finding.name)
            .field("verdict", verdict)
            .field("definition", finding.definition)
            .field("wanted", finding.wanted)
            .field("measured", finding.measured)
            .field("value", finding.value)
            .field("unit", finding.unit)
            .field("remedy", finding.remedy)
            .end_object();
    }
    out.end_array();
}

std::string text_of(std::span<const Finding> findings) {
    std::string out;
    for (const Finding& finding : findings) {
        std::string verdict(name(finding.verdict));
        verdict.resize(16, ' ');
        out += verdict + finding.name + "\n" + std::string(16, ' ') + finding.measured;
        if (!finding.wanted.empty()) out += "   (wanted: " + finding.wanted + ")";
        out += "\n";
        if (!finding.remedy.empty()) out += std::string(16, ' ') + "-> " + finding.remedy + "\n";
    }
    return out;
}

}  // namespace vt::report
