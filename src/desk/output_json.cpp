#include "desk/output_json.hpp"

#include "execution/trade_json.hpp"

namespace vt::desk {
namespace {

class OutputWriter {
public:
    OutputWriter(JsonWriter& out, const market::InstrumentDirectory& instruments)
        : out_(out), instruments_(instruments) {}

    void operator()(const trading::Request& request) {
        begin("request").field("request", static_cast<std::uint64_t>(request.index()));
    }
    void operator()(const execution::RecordOrder& record) {
        begin("order").key("order");
        execution::write_order(out_, record.trade, trading::Order(record.order),
                               instruments_[record.order.request.instrument]);
    }
    void operator()(const execution::RecordTrade& record) {
        begin("trade").key("trade");
        execution::write_trade(out_, record.trade, instruments_[record.trade.plan.instrument], std::nullopt);
    }
    void operator()(const execution::Warning& warning) {
        begin("warning")
            .field("warning", name(warning.kind))
            .field("trade", warning.trade)
            .field("text", warning.text);
    }
    void operator()(const Judgement& judgement) {
        begin("judgement").key("judgement");
        write_judgement(out_, judgement, instruments_[judgement.instrument]);
    }
    void operator()(const risk::ModeChange& change) {
        begin("mode")
            .field("from", name(change.from))
            .field("to", name(change.to))
            .field("at", to_ms(change.at))
            .field("who", change.who)
            .field("reason", change.reason);
    }

private:
    JsonWriter& begin(std::string_view kind) { return out_.begin_object().field("kind", kind); }

    JsonWriter& out_;
    const market::InstrumentDirectory& instruments_;
};

}  // namespace

void write_output(JsonWriter& out, const Output& output, const market::InstrumentDirectory& instruments) {
    OutputWriter writer(out, instruments);
    std::visit(writer, output);
    out.end_object();
}

void write_judgement(JsonWriter& out, const Judgement& judgement, const market::Instrument& instrument) {
    const auto& approval = judgement.approval;
    out.begin_object()
        .field("signal", judgement.signal)
        .field("id", instrument.path_id())
        .field("symbol", instrument.symbol)
        .field("at", to_ms(judgement.at))
        .field("trade", judgement.trade)
        .field("obstacle", judgement.obstacle.empty() ? std::nullopt : std::optional(judgement.obstacle))
        .field("quantity", approval ? std::optional(instrument.quantity(approval->quantity)) : std::nullopt)
        .field("leverage", approval ? std::optional(static_cast<std::uint64_t>(approval->leverage)) : std::nullopt)
        .field("risk", approval ? std::optional(trading::to_double(approval->risk)) : std::nullopt)
        .field("bound_by", approval && approval->bound_by ? std::optional(name(*approval->bound_by)) : std::nullopt)
        .key("checks");
    risk::write_checks(out, judgement.checks);
    out.end_object();
}

}  // namespace vt::desk
