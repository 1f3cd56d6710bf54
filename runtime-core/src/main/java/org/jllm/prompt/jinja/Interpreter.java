package org.jllm.prompt.jinja;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.prompt.jinja.Statement.Target;

/** One rendering of a template. */
final class Interpreter {
    private enum Flow {
        NORMAL,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Values values = new Values(budget);
    private final Printer printer = new Printer(budget);
    private final StringMethods strings = new StringMethods(budget, values, printer);
    private final Members members = new Members(values, strings);
    private final Arithmetic arithmetic = new Arithmetic(budget, printer);
    private final Scope global = new Scope(null);

    Interpreter(Clock clock, Map<String, Object> variables) {
        Globals.functions(this, clock).forEach(global::set);
        variables.forEach(global::set);
    }

    Text render(List<Statement> template) {
        return block(template, new Scope(global));
    }

    Budget budget() {
        return budget;
    }

    Values values() {
        return values;
    }

    Printer printer() {
        return printer;
    }

    StringMethods strings() {
        return strings;
    }

    Members members() {
        return members;
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    Text print(Object value) {
        return printer.str(value);
    }

    Object evaluate(Expression expression, Scope scope) {
        budget.enter();
        Object value = expression.value(this, scope);
        budget.leave();
        return value;
    }

    List<Object> evaluateAll(List<Expression> expressions, Scope scope) {
        List<Object> results = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> results.add(evaluate(expression, scope)));
        return results;
    }

    Object call(Object callee, Arguments arguments) {
        if (Values.defined(callee) instanceof Function function) {
            return function.call(arguments);
        }
        throw JinjaException.runtime("'" + Values.type(callee) + "' object is not callable");
    }

    Object filter(String name, Object value, Arguments arguments) {
        Filters.Filter filter = Filters.NAMES.get(name);
        if (filter == null) {
            throw JinjaException.runtime("no filter named '" + name + "'");
        }
        budget.step();
        return filter.apply(this, value, arguments);
    }

    boolean test(String name, Object value, Arguments arguments) {
        Tests.Test test = Tests.NAMES.get(name);
        if (test == null) {
            throw JinjaException.runtime("no test named '" + name + "'");
        }
        return test.passes(this, value, arguments);
    }

    boolean usesName(List<Statement> body, String name) {
        // The records' text shows every name that is read.
        return body.toString().contains("Name[name=" + name + "]");
    }

    /** The text of statements. */
    Text block(List<Statement> statements, Scope scope) {
        TextBuilder out = new TextBuilder();
        run(statements, scope, out);
        return out.toText();
    }

    private Flow run(List<Statement> statements, Scope scope, TextBuilder out) {
        budget.enter();
        Flow flow = Flow.NORMAL;
        for (int i = 0; i < statements.size() && flow == Flow.NORMAL; i++) {
            flow = run(statements.get(i), scope, out);
        }
        budget.leave();
        return flow;
    }

    private Flow run(Statement statement, Scope scope, TextBuilder out) {
        budget.step();
        if (statement instanceof Statement.Data data) {
            budget.chars(data.text().length());
            out.append(data.text());
        } else if (statement instanceof Statement.Print print) {
            out.append(print(evaluate(print.expression(), scope)));
        } else if (statement instanceof Statement.If choice) {
            return run(choose(choice, scope), scope, out);
        } else if (statement instanceof Statement.For loop) {
            loop(loop, evaluate(loop.elements(), scope), scope, 0, out);
        } else if (statement instanceof Statement.Break) {
            return Flow.BREAK;
        } else if (statement instanceof Statement.Continue) {
            return Flow.CONTINUE;
        } else if (statement instanceof Statement.Set set) {
            assign(set.target(), evaluate(set.value(), scope), scope);
        } else if (statement instanceof Statement.SetBlock set) {
            Text text = block(set.body(), new Scope(scope));
            assign(set.target(), set.filter() == null ? text : set.filter().apply(this, scope, text), scope);
        } else if (statement instanceof Statement.FilterBlock filter) {
            Text text = block(filter.body(), new Scope(scope));
            out.append(print(filter.filter().apply(this, scope, text)));
        } else if (statement instanceof Statement.With with) {
            Scope inner = new Scope(scope);
            for (int i = 0; i < with.targets().size(); i++) {
                assign(with.targets().get(i), evaluate(with.values().get(i), scope), inner);
            }
            return run(with.body(), inner, out);
        } else if (statement instanceof Statement.Group group) {
            return run(group.body(), new Scope(scope), out);
        } else if (statement instanceof Statement.DefineMacro macro) {
            scope.set(macro.signature().name(), new Macro(this, macro.signature(), macro.body(), scope));
        } else if (statement instanceof Statement.CallBlock call) {
            Arguments arguments = call.call().arguments().evaluate(this, scope);
            Map<String, Object> named = new LinkedHashMap<>(arguments.named());
            named.put("caller", new Macro(this, call.caller(), call.body(), scope));
            Object function = evaluate(call.call().function(), scope);
            out.append(print(call(function, new Arguments(arguments.positional(), named))));
        }
        return Flow.NORMAL;
    }

    private List<Statement> choose(Statement.If choice, Scope scope) {
        for (int i = 0; i < choice.tests().size(); i++) {
            if (Values.isTrue(evaluate(choice.tests().get(i), scope))) {
                return choice.bodies().get(i);
            }
        }
        return choice.otherwise();
    }

    private void loop(Statement.For statement, Object iterable, Scope outer, int depth, TextBuilder out) {
        List<Object> elements = values.iterate(iterable);
        if (statement.test() != null) {
            List<Object> passed = new ArrayList<>();
            for (Object element : elements) {
                Scope scope = new Scope(outer);
                assign(statement.target(), element, scope);
                if (Values.isTrue(evaluate(statement.test(), scope))) {
                    passed.add(element);
                }
            }
            elements = passed;
        }
        Function recursion = arguments -> {
            TextBuilder inner = new TextBuilder();
            budget.enter();
            loop(statement, arguments.get(0, "iterable"), outer, depth + 1, inner);
            budget.leave();
            return inner.toText();
        };
        Loop loop = new Loop(this, elements, depth, statement.recursive() ? recursion : null);
        for (int i = 0; i < elements.size(); i++) {
            Scope scope = new Scope(outer);
            loop.moveTo(i);
            scope.set("loop", loop);
            assign(statement.target(), elements.get(i), scope);
            if (run(statement.body(), scope, out) == Flow.BREAK) {
                return;
            }
        }
        if (elements.isEmpty()) {
            run(statement.otherwise(), new Scope(outer), out);
        }
    }

    private void assign(Target target, Object value, Scope scope) {
        if (target instanceof Target.Variable variable) {
            scope.set(variable.name(), value);
        } else if (target instanceof Target.NamespaceAttribute attribute) {
            if (!(scope.get(attribute.namespace()) instanceof Namespace namespace)) {
                throw JinjaException.runtime("cannot assign attribute on non-namespace object");
            }
            namespace.attributes().put(attribute.attribute(), value);
        } else if (target instanceof Target.Several several) {
            List<Object> parts = values.iterate(Values.defined(value));
            if (parts.size() != several.targets().size()) {
                throw JinjaException.runtime(
                        "expected " + several.targets().size() + " values to unpack, got " + parts.size());
            }
            for (int i = 0; i < parts.size(); i++) {
                assign(several.targets().get(i), parts.get(i), scope);
            }
        }
    }
}
